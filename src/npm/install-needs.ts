/**
 * What packages need beyond being unpacked, platform by platform: many bring a binary for every platform, some fetch or
 * compile one in an install script, which is not run for an image. Decided by what is in the tarball, never by the
 * package's name alone.
 */
import { collect, type CancelOptions } from '../base/index.ts'
import { type LockedPackage, nameAndVersion } from '../lockfile/index.ts'
import { formatPlatform } from '../oci/index.ts'
import { carrierFor, hasFamily } from './binary-carrier.ts'
import { findBundledAddon } from './bundled-addon.ts'
import { installScripts, isImplicitlyCompiled, parseManifest } from './install-step.ts'
import type { PackageSource, UnpackedPackage } from './package-source.ts'
import type { NodeModulesPlan, Placement } from './plan-node-modules.ts'
import { readScripts, type ScriptReading } from './read-scripts.ts'
import { npmTargetOf, type TargetPlatform } from './target-platform.ts'

/** What a package whose install script is not run needs on one platform. */
export type InstallNeed = {
  /** `name@version` */
  package: string
  location: string
  /** `formatPlatform` */
  platform: string
  /** the service runs without: only optional dependencies need it, or its own script lets it fail */
  optional: boolean
} & InstallStatus

export type InstallStatus =
  | { status: 'prebuilt'; how: 'bundled' | 'optional-package'; evidence: string }
  /** the script does nothing that a binary depends on */
  | { status: 'not-native'; evidence: string }
  /** a script fetches a binary for the platform that it runs on */
  | { status: 'download'; evidence: string }
  | { status: 'compile'; evidence: string }

export interface InstallNeedsOptions extends CancelOptions {
  platforms: readonly TargetPlatform[]
  source: PackageSource
}

/** Packages that addons depend on: npm compiles such a package even when its lock entry knows of no script. */
const addonHelpers = new Set([
  'nan',
  'node-addon-api',
  'bindings',
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  'prebuild-install',
  '@mapbox/node-pre-gyp',
  'install-artifact-from-github',
  'pkg-prebuilds',
  'detect-libc',
  'require-addon',
  'cmake-js',
  'napi-macros',
  'napi-postinstall',
])

/**
 * For each package that npm would do something to after unpacking, or whose binary is in a package of its own that a platform
 * does not have, and each platform: what it needs. Sorted by location, then in the order of the platforms.
 */
export async function installNeeds(
  plan: NodeModulesPlan,
  { platforms, source, signal }: InstallNeedsOptions,
): Promise<InstallNeed[]> {
  const needs: InstallNeed[] = []
  const trees = platforms.map((target) => treeOf(plan, target))
  const all = new Map(trees.flatMap(({ packages }) => [...packages]))
  for (const location of [...all.keys()].sort()) {
    const locked = all.get(location) as LockedPackage
    const having = trees.filter(({ packages }) => packages.has(location))
    if (!isCandidate(locked, having)) continue
    await using content = await source.unpack(locked, { signal })
    const inspected = await inspect(locked, content, signal)
    for (const tree of having) needs.push(...(await needOf(inspected, tree, signal)))
  }
  return needs
}

/** The packages of one platform. */
interface Tree {
  target: TargetPlatform
  packages: ReadonlyMap<string, LockedPackage>
}

function treeOf({ shared, perPlatform }: NodeModulesPlan, target: TargetPlatform): Tree {
  const own: Placement | undefined = perPlatform.get(formatPlatform(target.platform))
  const placed = [...shared.packages, ...(own?.packages ?? [])]
  return { target, packages: new Map(placed.map(({ package: locked }) => [locked.location, locked])) }
}

function isCandidate(locked: LockedPackage, having: readonly Tree[]): boolean {
  if (locked.link) return false
  const names = [...Object.keys(locked.dependencies), ...Object.keys(locked.optionalDependencies)]
  return (
    locked.hasInstallScript ||
    names.some((name) => addonHelpers.has(name)) ||
    (hasFamily(locked) && having.some((tree) => !carrierIn(locked, tree)))
  )
}

/** What an unpacked package tells, whatever the platform. */
interface Inspected {
  locked: LockedPackage
  content: UnpackedPackage
  scripts: ScriptReading
  /** npm would run something */
  hasStep: boolean
}

async function inspect(
  locked: LockedPackage,
  content: UnpackedPackage,
  signal: AbortSignal,
): Promise<Inspected> {
  const file = content.file('package.json')
  const manifest = parseManifest(file && (await collect(file.content({ signal }), file.size, file.path)))
  const implicit = isImplicitlyCompiled(manifest, content)
  return {
    locked,
    content,
    scripts: await readScripts(manifest, content, implicit, signal),
    hasStep: implicit || Object.keys(installScripts(manifest)).length > 0,
  }
}

async function needOf(inspected: Inspected, tree: Tree, signal: AbortSignal): Promise<InstallNeed[]> {
  const { locked, content, scripts, hasStep } = inspected
  const lacksCarrier = hasFamily(locked) && !carrierIn(locked, tree)
  if (!hasStep && !lacksCarrier) return []
  const carrier = carrierIn(locked, tree)
  const bundled = carrier ? undefined : await findBundledAddon(content, tree.target, signal)
  return [
    {
      package: nameAndVersion(locked),
      location: locked.location,
      platform: formatPlatform(tree.target.platform),
      optional: locked.optional || locked.devOptional || scripts.mayFail,
      ...statusOf(scripts, hasStep, carrier, bundled, lacksCarrier),
    },
  ]
}

function statusOf(
  scripts: ScriptReading,
  hasStep: boolean,
  carrier: LockedPackage | undefined,
  bundled: string | undefined,
  lacksCarrier: boolean,
): InstallStatus {
  if (carrier) return { status: 'prebuilt', how: 'optional-package', evidence: nameAndVersion(carrier) }
  if (bundled !== undefined) return { status: 'prebuilt', how: 'bundled', evidence: bundled }
  if (hasStep && scripts.finding) return scripts.finding
  if (lacksCarrier)
    return { status: 'compile', evidence: 'none of its optional packages is for this platform' }
  return { status: 'not-native', evidence: scripts.commands }
}

function carrierIn(locked: LockedPackage, { target, packages }: Tree): LockedPackage | undefined {
  return carrierFor(locked, packages, npmTargetOf(target))
}
