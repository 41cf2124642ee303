/**
 * Production dependencies as layers: one that all platforms share, and a small one for each platform that has packages of
 * its own. Nothing is installed: packages go from npm's cache into the layers.
 */
import { type CancelOptions, type Finding, mapConcurrently, type Progress } from '../../base/index.ts'
import { type AddonPackage, type AddonStatus, classifyAddons } from '../../addons/index.ts'
import { nameAndVersion, type PackageLock, platformFindings } from '../../lockfile/index.ts'
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
}

/**
 * Decides which packages each platform gets. Throws `DirectError`: `LOCKFILE_LACKS_PLATFORM` when the lock has no entry for a
 * binary that a platform needs, `ADDON_NEEDS_COMPILER` when a package's binary would have to be compiled or fetched by
 * its install script.
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
  refuseUnmetNeeds(addons)
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

/** A package that has no ready binary on some platforms, all of the same status. */
interface UnmetNeed {
  package: string
  location: string
  platforms: string[]
  status: AddonStatus['status']
  evidence: string
  reason?: string
}

function refuseUnmetNeeds(addons: readonly AddonPackage[]): void {
  const unmet = addons.filter((addon) => !addon.optional).flatMap(unmetNeeds)
  if (unmet.length === 0) return
  const lines = unmet.map((need) => `${need.package} on ${need.platforms.join(', ')}: ${whatIsNeeded(need)}`)
  const [first = '', ...others] = [...new Set(lines)]
  throw new DirectError('ADDON_NEEDS_COMPILER', `no ready binary for ${first}`, {
    kind: 'usage',
    hint: [
      ...others,
      'everyarch takes binaries that a package brings for each platform; it does not compile addons yet',
      'choose a release of the package that ships prebuilt binaries, replace it, or build this project with a Dockerfile',
    ].join('\n'),
    details: { needs: unmet },
  })
}

/** Statuses of a package that an image cannot be made with. What a tool downloads is not ours to put into an image. */
function unmetNeeds(addon: AddonPackage): UnmetNeed[] {
  const refused = addon.mechanism === 'tool' ? ['impossible'] : ['download', 'compile', 'wasm', 'impossible']
  const needs = new Map<string, UnmetNeed>()
  for (const [platform, { status, evidence, reason }] of Object.entries(addon.platforms)) {
    if (!refused.includes(status)) continue
    const known = needs.get(`${status} ${reason}`)
    if (known) known.platforms.push(platform)
    else {
      const { location } = addon
      const need = { package: nameAndVersion(addon), location, platforms: [platform], status, evidence }
      needs.set(`${status} ${reason}`, { ...need, ...(reason === undefined ? {} : { reason }) })
    }
  }
  return [...needs.values()]
}

function whatIsNeeded({ status, evidence, reason }: UnmetNeed): string {
  if (status === 'compile') return `must be compiled (${evidence})`
  if (status === 'download') return `is fetched by its install script (${evidence})`
  return reason ?? evidence
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
    packages.map(({ package: locked, executables }) => [
      locked.location,
      locked.integrity ?? locked.resolved ?? locked.version,
      // npm judges executable bits by where a package came from.
      locked.resolved !== undefined,
      locked.link ? locked.target : null,
      executables,
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
