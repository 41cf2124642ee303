/** Packages of Debian that are put upon a base image which exists already. */
import type { CancelOptions, Finding } from '../base/index.ts'
import { digestOf, type Platform } from '../oci/index.ts'
import { architectureOf } from './architecture.ts'
import { checkNames } from './archive/check-names.ts'
import { openMirror } from './archive/mirror.ts'
import { openSuite, type SuiteRequest } from './archive/open-suite.ts'
import { obtain } from './archive/package-file.ts'
import type { BaseLayer } from './assembled-base.ts'
import { parseStanzas } from './control/stanza.ts'
import { DebianError } from './debian-error.ts'
import type { DebianPorts } from './ports.ts'
import { resolveClosure } from './resolution/resolve-closure.ts'
import { fileOf } from './resolution/resolved-package.ts'
import { additionLayer } from './rootfs/addition-layer.ts'

export interface AdditionRequest extends SuiteRequest {
  platform: Platform
  /** what is wanted; what these depend on comes with them */
  packages: readonly string[]
  /** `/var/lib/dpkg/status` of the base */
  status: Uint8Array
  /** seconds since 1970 */
  mtime: number
}

export interface DebianAddition {
  /** names of the packages that the base does not have */
  packages: readonly string[]
  /** absent when the base has them all */
  layer?: BaseLayer
  findings: readonly Finding[]
}

/** Decides what is to be added to a base. What it has stays as it is, in whichever version. Throws `DebianError`. */
export async function debianAddition(
  request: AdditionRequest,
  ports: DebianPorts,
  options: CancelOptions,
): Promise<DebianAddition> {
  checkNames(request)
  const { platform, status, mtime, suite } = request
  const architecture = architectureOf(platform)
  const mirror = openMirror(ports.http)
  const findings: Finding[] = []
  const report = (finding: Finding) => void findings.push(finding)
  const releases = await openSuite(request, { ports, mirror, report }, options)
  const access = { mirror, cache: ports.cache }
  const closure = await resolveClosure(request.packages, architecture, releases, access, options)
  const present = installedIn(status)
  const packages = closure.filter(({ name }) => !present.has(name))
  const names = packages.map(({ name }) => name)
  if (packages.length === 0) return { packages: [], findings }
  const identities = packages.map(({ name, version, sha256 }) => [name, version, sha256])
  return {
    packages: names,
    findings,
    layer: {
      key: digestOf(
        JSON.stringify(['addition', 1, architecture.debian, mtime, digestOf(status), identities]),
      ),
      createdBy: `everyarch: Debian ${suite} ${architecture.debian}, ${names.join(' ')}`,
      entries: (entryOptions) =>
        additionLayer(
          {
            architecture,
            packages,
            mtime,
            status,
            open: (resolved, openOptions) => obtain(fileOf(resolved), access, openOptions),
          },
          entryOptions,
        ),
    },
  }
}

function installedIn(status: Uint8Array): Set<string> {
  const malformed = (why: string) =>
    new DebianError('DEBIAN_INDEX_MALFORMED', `/var/lib/dpkg/status of the base image: ${why}`, {
      kind: 'environment',
      hint: 'take another base image: this one has a damaged dpkg database',
    })
  const stanzas = parseStanzas(Buffer.from(status).toString('utf8'), malformed)
  return new Set(
    stanzas.flatMap((stanza) =>
      /\binstalled$/.test(stanza.get('status') ?? '') ? (stanza.get('package') ?? []) : [],
    ),
  )
}
