/**
 * Packages of Debian as a root that programs are compiled against, or run in: unpacked with what they need, like a base, but
 * without the set that every image has.
 */
import type { CancelOptions } from '../base/index.ts'
import { digestOf, type Platform } from '../oci/index.ts'
import type { LayerEntry } from '../tar/index.ts'
import { type Architecture, architectureOf } from './architecture.ts'
import { checkNames } from './archive/check-names.ts'
import { openMirror } from './archive/mirror.ts'
import { openSuite, type SuiteRequest } from './archive/open-suite.ts'
import { obtain } from './archive/package-file.ts'
import type { DebianPorts } from './ports.ts'
import { resolveClosure } from './resolution/resolve-closure.ts'
import { fileOf, type ResolvedPackage } from './resolution/resolved-package.ts'
import { debianLayer } from './rootfs/debian-layer.ts'

export interface SysrootRequest extends SuiteRequest {
  platform: Platform
  /** Debian packages; what they depend on comes with them */
  packages: readonly string[]
}

export interface DebianSysroot {
  /** `sha256:…` over what its files depend on: equal keys mean equal files */
  key: string
  /** the multiarch tuple, such as `aarch64-linux-gnu`: the folder of its libraries and the prefix of its compilers */
  tuple: string
  packages: readonly { name: string; version: string }[]
  /**
   * The files in the order to be written, every folder before what lies in it. `/var/lib/dpkg/info` tells which package a file
   * is of. Downloads what the cache lacks.
   */
  entries(options: CancelOptions): AsyncIterable<LayerEntry>
}

/** Changes with every security update of the kernel, and no program that is compiled does: not part of the key. */
const withoutInfluence = new Set(['linux-libc-dev'])

/** Decides what the root consists of; its files are made when they are read. Throws `DebianError`. */
export async function debianSysroot(
  request: SysrootRequest,
  ports: DebianPorts,
  options: CancelOptions,
): Promise<DebianSysroot> {
  checkNames(request)
  const architecture = architectureOf(request.platform)
  const mirror = openMirror(ports.http)
  const releases = await openSuite(request, { ports, mirror, report: () => {} }, options)
  const access = { mirror, cache: ports.cache }
  const packages = await resolveClosure(request.packages, architecture, releases, access, options)
  return {
    key: keyOf(architecture, packages),
    tuple: architecture.tuple,
    packages: packages.map(({ name, version }) => ({ name, version })),
    entries: (entryOptions) =>
      debianLayer(
        {
          architecture,
          packages,
          mtime: 0,
          open: (resolved, openOptions) => obtain(fileOf(resolved), access, openOptions),
        },
        entryOptions,
      ),
  }
}

function keyOf({ debian }: Architecture, packages: readonly ResolvedPackage[]): string {
  const identities = packages
    .filter(({ name }) => !withoutInfluence.has(name))
    .map(({ name, version, sha256 }) => [name, version, sha256])
  return digestOf(JSON.stringify(['sysroot', 1, debian, identities]))
}
