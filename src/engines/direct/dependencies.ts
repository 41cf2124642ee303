/**
 * Production dependencies as layers: one that all platforms share, and a small one for each platform that has packages of
 * its own. Nothing is installed: packages go from npm's cache into the layers.
 */
import { type CancelOptions, type Finding, mapConcurrently, type Progress } from '../../base/index.ts'
import { type AddonPackage, classifyAddons, refuseImpossible } from '../../addons/index.ts'
import { type PackageLock, platformFindings } from '../../lockfile/index.ts'
import {
  layerEntries,
  type NodeModulesPlan,
  npmTargetOf,
  type PackageSource,
  type Placement,
  planNodeModules,
  type TargetPlatform,
} from '../../npm/index.ts'
import { formatPlatform } from '../../oci/index.ts'
import type { AddonSettings } from '../../project/index.ts'
import type { ContentCache } from '../../store/index.ts'
import type { LayerEntry } from '../../tar/index.ts'
import { DirectError } from './direct-error.ts'
import { type LayerSettings, sealLayer } from './layers/seal-layer.ts'
import type { SealedLayer } from './layers/sealed-layer.ts'

export interface DependencyPlan {
  nodeModules: NodeModulesPlan
  /** packages with native code, or with an install script */
  addons: readonly AddonPackage[]
  findings: readonly Finding[]
}

export interface DependencyPlanOptions extends CancelOptions {
  cache: ContentCache
  targets: readonly TargetPlatform[]
  source: PackageSource
  workspaces: readonly string[] | undefined
  legacyPeerDeps: boolean
  binLinks: boolean
  /** of the configuration */
  addons: Readonly<Record<string, AddonSettings>>
}

/**
 * Decides which packages each platform gets. Throws `DirectError`: `LOCKFILE_LACKS_PLATFORM` when the lock has no entry for a
 * binary that a platform needs; `AddonError` `ADDON_UNAVAILABLE` for a package that no binary can be had of.
 */
export async function planDependencies(
  lock: PackageLock,
  options: DependencyPlanOptions,
): Promise<DependencyPlan> {
  const { targets, source, cache, workspaces, legacyPeerDeps, binLinks, signal } = options
  const named = new Map(targets.map((target) => [formatPlatform(target.platform), npmTargetOf(target)]))
  const findings = platformFindings(lock, { targets: named, omit: ['dev'], legacyPeerDeps })
  refuseErrors(findings)
  const nodeModules = await planNodeModules(lock, {
    platforms: targets,
    source,
    omit: ['dev'],
    legacyPeerDeps,
    binLinks,
    signal,
    ...(workspaces ? { workspaces } : {}),
  })
  const addons = await classifyAddons(nodeModules, { platforms: targets, source, records: cache, signal })
  refuseImpossible(addons, options.addons)
  return { nodeModules, addons, findings }
}

function refuseErrors(findings: readonly Finding[]): void {
  const errors = findings.filter((finding) => finding.severity === 'error')
  const [first] = errors
  if (!first) return
  const others = errors.slice(1).map((finding) => finding.message)
  throw new DirectError('LOCKFILE_LACKS_PLATFORM', first.message, {
    kind: 'usage',
    hint: [...others, ...(first.hint ? [first.hint] : [])].join('\n'),
    details: { findings: errors },
  })
}

export interface DependencyLayers {
  shared: SealedLayer | undefined
  perPlatform: ReadonlyMap<string, SealedLayer>
}

export interface SealDependenciesOptions extends CancelOptions {
  source: PackageSource
  cache: ContentCache
  settings: LayerSettings
  /** folder of the app in the image, without a leading slash */
  prefix: string
  progress: Progress
}

export async function sealDependencies(
  plan: NodeModulesPlan,
  options: SealDependenciesOptions,
): Promise<DependencyLayers> {
  const { signal } = options
  const platforms = [...plan.perPlatform]
  const drafts = [
    { placement: plan.shared, platform: undefined },
    ...platforms.map(([platform, placement]) => ({ placement, platform })),
  ]
  const [shared, ...own] = await mapConcurrently(
    drafts,
    2,
    (draft) => sealPlacement(draft.placement, draft.platform, options),
    { signal },
  )
  return {
    shared,
    perPlatform: new Map(
      platforms.flatMap(([platform], index) => (own[index] ? [[platform, own[index]] as const] : [])),
    ),
  }
}

async function sealPlacement(
  placement: Placement,
  platform: string | undefined,
  { source, cache, settings, prefix, progress, signal }: SealDependenciesOptions,
): Promise<SealedLayer | undefined> {
  const total = placement.packages.length
  if (total === 0 && placement.binLinks.length === 0) return undefined
  const id = `deps ${platform ?? 'shared'}`
  const whose = platform ? `for ${platform}` : 'for all platforms'
  progress({
    type: 'start',
    id,
    station: 'deps',
    text: 'packages',
    total,
    unit: 'items',
    ...(platform ? { platform } : {}),
  })
  let done = 0
  const draft = {
    key: ['node_modules', prefix, placementKey(placement)],
    createdBy: `everyarch: node_modules ${whose}`,
    entries: () => {
      const onPackage = () => progress({ type: 'advance', id, done: ++done })
      return beneath(
        prefix,
        layerEntries(placement, { source, mtime: settings.mtime, onPackage, signal }),
        settings.mtime,
      )
    },
  }
  const { layer, cached } = await sealLayer(draft, cache, settings, { signal })
  progress({ type: 'end', id, text: `${total} packages ${whose}`, cached })
  return layer
}

/** What a placement's bytes depend on: packages by integrity, links by target. */
function placementKey({ packages, binLinks }: Placement): unknown {
  return [
    packages.map(({ package: locked, executables, change }) => [
      locked.location,
      locked.integrity ?? locked.resolved ?? locked.version,
      // npm judges executable bits by where a package came from.
      locked.resolved !== undefined,
      locked.link ? locked.target : null,
      executables,
      ...(change ? [change.key] : []),
    ]),
    binLinks.map(({ path, target }) => [path, target]),
  ]
}

async function* beneath(
  prefix: string,
  entries: AsyncIterable<LayerEntry>,
  mtime: number,
): AsyncGenerator<LayerEntry> {
  const parts = prefix.split('/')
  for (let depth = 1; depth <= parts.length; depth++) {
    yield {
      path: parts.slice(0, depth).join('/'),
      type: 'directory',
      mode: 0o755,
      uid: 0,
      gid: 0,
      mtime,
      size: 0,
    }
  }
  for await (const entry of entries) {
    // A hard link's target is a path of the archive too; packages have none.
    yield { ...entry, path: `${prefix}/${entry.path}` }
  }
}
