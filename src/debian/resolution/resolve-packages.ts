/** The packages of one architecture: worked out when an index changed, remembered otherwise. */
import { createHash } from 'node:crypto'
import { type CancelOptions, type Finding, mapConcurrently } from '../../base/index.ts'
import type { Architecture } from '../architecture.ts'
import type { Mirror } from '../archive/mirror.ts'
import { obtain } from '../archive/package-file.ts'
import { isBuiltFor, readPackageIndex } from '../archive/package-index.ts'
import type { VerifiedRelease } from '../archive/release-index.ts'
import { readControl } from '../deb/deb-package.ts'
import { DebianError } from '../debian-error.ts'
import type { DebianCache } from '../ports.ts'
import { examineLibraryFolders, examineScripts } from '../rootfs/maintainer-scripts.ts'
import { hasShape, isListOf } from '../record-shape.ts'
import { defaultPackages } from './default-packages.ts'
import { dependencyClosure } from './dependency-closure.ts'
import { withCredentials, withoutCredentials } from './record-credentials.ts'
import { fileOf, type ResolvedPackage, resolvedPackageShape, toResolved } from './resolved-package.ts'

export interface Resolution {
  packages: readonly ResolvedPackage[]
  /** packages whose scripts or libraries would have needed more than unpacking */
  findings: readonly Finding[]
}

/** Counts up whenever this room decides otherwise from the same index. */
const algorithm = 2
const area = 'debian-resolution'
const downloadsAtATime = 4

/**
 * The default packages, the `extra` ones and what they need. Throws `DebianError`: `DEBIAN_PLATFORM_UNSUPPORTED` when the
 * suite is not built for the architecture, and what the index and the closure throw.
 */
export async function resolvePackages(
  extra: readonly string[],
  architecture: Architecture,
  { release, all }: { release: VerifiedRelease; all: readonly VerifiedRelease[] },
  access: { mirror: Mirror; cache: DebianCache },
  options: CancelOptions,
): Promise<Resolution> {
  const { debian, platform } = architecture
  const suite = release.archive.suite
  if (!isBuiltFor(release, debian)) throw notBuilt(platform, release)
  const wanted = [...new Set([...defaultPackages, ...extra])]
  const indexes = all.map(({ archive, digest }) => [archive.uri, digest])
  const identity = JSON.stringify([algorithm, debian, [...wanted].sort(), indexes])
  const key = createHash('sha256').update(identity).digest('hex')
  const remembered = await access.cache.record(area, key)
  if (isResolution(remembered))
    return { ...remembered, packages: remembered.packages.map(withCredentials(all)) }
  const index = await readPackageIndex(all, debian, access, options)
  const closure = dependencyClosure(wanted, index, { suite, architecture: debian })
  const packages = closure.map(toResolved)
  const usual = new Set(
    dependencyClosure(defaultPackages, index, { suite, architecture: debian }).map(({ name }) => name),
  )
  const added = packages.filter(({ name }) => !usual.has(name))
  const findings = await examine(added, access, options)
  await access.cache.setRecord(area, key, { packages: packages.map(withoutCredentials), findings })
  return { packages, findings }
}

function isResolution(value: unknown): value is Resolution {
  if (!hasShape(value, { packages: 'object', findings: 'object' })) return false
  const { packages, findings } = value as Resolution
  const finding = { rule: 'string', severity: 'string', message: 'string' } as const
  return isListOf(packages, resolvedPackageShape) && isListOf(findings, finding)
}

async function examine(
  packages: readonly ResolvedPackage[],
  access: { mirror: Mirror; cache: DebianCache },
  options: CancelOptions,
): Promise<Finding[]> {
  const examined = await mapConcurrently(
    packages,
    downloadsAtATime,
    async (resolved) => {
      const content = await obtain(fileOf(resolved), access, options)
      const control = await readControl({ name: resolved.name, content }, options)
      return [examineScripts(resolved.name, control), examineLibraryFolders(resolved.name, control)]
    },
    options,
  )
  return examined.flat().filter((finding) => finding !== undefined)
}

function notBuilt(platform: string, { archive, release }: VerifiedRelease): DebianError {
  return new DebianError(
    'DEBIAN_PLATFORM_UNSUPPORTED',
    `Debian ${archive.suite} is not built for ${platform}`,
    {
      kind: 'usage',
      hint: `it is built for ${release.architectures.filter((name) => name !== 'all').join(', ')} (Debian's names); another suite may be`,
      details: { platform, suite: archive.suite },
    },
  )
}
