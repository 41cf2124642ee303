/** The base of one platform: its layers, not made yet, and what the image's configuration is to say. */
import { digestOf, formatPlatform, type Platform, type RunConfig } from '../oci/index.ts'
import type { Architecture } from './architecture.ts'
import type { Mirror } from './archive/mirror.ts'
import { obtain } from './archive/package-file.ts'
import type { BaseLayer, BasePackage, PlatformBase } from './assembled-base.ts'
import { upstreamVersion } from './control/version.ts'
import { DebianError } from './debian-error.ts'
import type { DebianPorts } from './ports.ts'
import type { NodePackage } from './resolution/node-release.ts'
import { fileOf, type ResolvedPackage } from './resolution/resolved-package.ts'
import { debianLayer } from './rootfs/debian-layer.ts'
import { nodeLayer } from './rootfs/node-layer.ts'

/** Counts up whenever the same packages make other bytes. */
const layout = 2

export interface PlatformPlan {
  platform: Platform
  architecture: Architecture
  suite: string
  packages: readonly ResolvedPackage[]
  node: NodePackage
  /** seconds since 1970 */
  mtime: number
}

export function platformBase(plan: PlatformPlan, ports: DebianPorts, mirror: Mirror): PlatformBase {
  const { platform, packages, node } = plan
  const layers = [packagesLayer(plan, ports, mirror), programLayer(plan, ports)]
  const config = runConfig(node)
  return {
    key: digestOf(JSON.stringify([formatPlatform(platform), layers.map(({ key }) => key), config])),
    platform,
    layers,
    config,
    packages: packages.map(toBasePackage),
    node,
    libc: { family: 'glibc', version: libcVersion(packages) },
  }
}

function packagesLayer(
  { architecture, suite, packages, mtime }: PlatformPlan,
  { cache }: DebianPorts,
  mirror: Mirror,
): BaseLayer {
  const identities = packages.map(({ name, version, sha256 }) => [name, version, sha256])
  return {
    key: digestOf(JSON.stringify(['debian', layout, architecture.debian, mtime, identities])),
    createdBy: `everyarch: Debian ${suite} ${architecture.debian}, ${packages.length} packages`,
    entries: (options) =>
      debianLayer(
        {
          architecture,
          packages,
          mtime,
          open: (resolved, openOptions) => obtain(fileOf(resolved), { mirror, cache }, openOptions),
        },
        options,
      ),
  }
}

function programLayer({ node, mtime }: PlatformPlan, { npm }: DebianPorts): BaseLayer {
  return {
    key: digestOf(JSON.stringify(['node', layout, mtime, node.package, node.version, node.integrity])),
    createdBy: `everyarch: Node.js ${node.version} (${node.package})`,
    entries: (options) =>
      nodeLayer(
        {
          node,
          mtime,
          open: (openOptions) => npm.tarball(node.package, node.version, node.integrity, openOptions),
        },
        options,
      ),
  }
}

function runConfig({ version }: NodePackage): RunConfig {
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  return { Env: [`PATH=${path}`, `NODE_VERSION=${version}`], Cmd: ['node'] }
}

function toBasePackage({ name, version, architecture, sha256, source }: ResolvedPackage): BasePackage {
  return { name, version, architecture, sha256, source }
}

function libcVersion(packages: readonly ResolvedPackage[]): string {
  const libc = packages.find(({ name }) => name === 'libc6')
  if (libc) return upstreamVersion(libc.version)
  throw new DebianError('DEBIAN_PACKAGE_NOT_FOUND', 'the packages have no libc6 among them', {
    kind: 'environment',
  })
}
