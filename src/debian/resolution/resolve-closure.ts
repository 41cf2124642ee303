/** Packages with everything that they need, and nothing else: worked out when an index changed, remembered otherwise. */
import { createHash } from 'node:crypto'
import type { CancelOptions } from '../../base/index.ts'
import type { Architecture } from '../architecture.ts'
import type { Mirror } from '../archive/mirror.ts'
import { readPackageIndex } from '../archive/package-index.ts'
import type { VerifiedRelease } from '../archive/release-index.ts'
import type { DebianCache } from '../ports.ts'
import { isListOf } from '../record-shape.ts'
import { dependencyClosure } from './dependency-closure.ts'
import { withCredentials, withoutCredentials } from './record-credentials.ts'
import { type ResolvedPackage, resolvedPackageShape, toResolved } from './resolved-package.ts'

/** Counts up whenever this room decides otherwise from the same index. */
const algorithm = 1
const area = 'debian-closure'

/** The packages, sorted by name. Throws what the index and the closure throw. */
export async function resolveClosure(
  wanted: readonly string[],
  { debian }: Architecture,
  { release, all }: { release: VerifiedRelease; all: readonly VerifiedRelease[] },
  access: { mirror: Mirror; cache: DebianCache },
  options: CancelOptions,
): Promise<readonly ResolvedPackage[]> {
  const names = [...new Set(wanted)].sort()
  const indexes = all.map(({ archive, digest }) => [archive.uri, digest])
  const identity = JSON.stringify([algorithm, debian, names, indexes])
  const key = createHash('sha256').update(identity).digest('hex')
  const remembered = await access.cache.record(area, key)
  if (isListOf(remembered, resolvedPackageShape))
    return (remembered as ResolvedPackage[]).map(withCredentials(all))
  const index = await readPackageIndex(all, debian, access, options)
  const suite = release.archive.suite
  const packages = dependencyClosure(names, index, { suite, architecture: debian }).map(toResolved)
  await access.cache.setRecord(area, key, packages.map(withoutCredentials))
  return packages
}
