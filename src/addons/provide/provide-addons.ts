/**
 * Gives every package the binary that a platform loads: what it brings stays, what is missing is downloaded or compiled, each
 * package and platform once for all builds that ask for the same.
 */
import {
  type CancelOptions,
  type Finding,
  mapConcurrently,
  type Progress,
  type ProgressEvent,
  throwIfAborted,
} from '../../base/index.ts'
import type { NodeModulesPlan, PackageChange, PackageChanges, Placement } from '../../npm/index.ts'
import { formatPlatform } from '../../oci/index.ts'
import type { AddonSettings, AddonStep } from '../../project/index.ts'
import { nameAndVersion } from '../../lockfile/index.ts'
import type { ContentCache } from '../../store/index.ts'
import { AddonError } from '../addon-error.ts'
import type { AddonPackage } from '../classify/addon-package.ts'
import type { AddonTarget } from './addon-target.ts'
import type { AddonTask } from './addon-task.ts'
import type { AddonTools } from './addon-tools.ts'
import { compileWay } from './compile/compile-way.ts'
import { emulateWay } from './emulate/emulate-way.ts'
import { downloadWay } from './download/download-way.ts'
import { packageChange } from './package-change.ts'
import type { ProvidedBinary, ProvidedFile } from './provided-binary.ts'
import { type Pruned, prunePackages } from './prune-packages.ts'
import { settingsOf, waysLeft } from './ways.ts'
import type { Way } from './way.ts'
import { workSlots } from './work-slots.ts'

export interface ProvideAddonsOptions extends CancelOptions {
  targets: readonly AddonTarget[]
  /** by package name; `*` stands for every package */
  settings: Readonly<Record<string, AddonSettings>>
}

export interface ProvidedAddons {
  changes: PackageChanges
  /** Debian packages that the image needs for what was compiled, sorted */
  libraries: readonly string[]
  findings: readonly Finding[]
}

/** Throws `AddonError` for a package that the service needs and that no way leads to. */
export async function provideAddons(
  plan: NodeModulesPlan,
  addons: readonly AddonPackage[],
  { targets, settings, signal }: ProvideAddonsOptions,
  tools: AddonTools,
): Promise<ProvidedAddons> {
  const planned = addons.flatMap((addon) => planTasks(addon, plan, targets, settings))
  const slots = workSlots(planned.length)
  const { progress } = tools
  const ways: Partial<Record<AddonStep, Way>> = {
    download: downloadWay(tools),
    compile: compileWay(tools, slots),
    emulate: emulateWay(tools, slots),
  }
  const outcomes = await mapConcurrently(
    planned,
    slots.tasks,
    (each) => provide(each, ways, { progress, signal }),
    {
      signal,
    },
  )
  const made = new Map(
    outcomes.map((outcome) => [keyOf(outcome.task.platform, outcome.task.package.location), outcome]),
  )
  const isCompiled = (platform: string, location: string) =>
    made.get(keyOf(platform, location))?.binary !== undefined
  const pruned = await prunePackages(addons, plan, { targets, settings, isCompiled, signal }, tools)
  reportPruned(pruned, progress)
  const binaries = outcomes.flatMap(({ binary }) => binary ?? [])
  return {
    changes: changesOf(targets, outcomes, pruned, tools.cache),
    libraries: [...new Set(binaries.flatMap(({ libraries }) => libraries))].sort(),
    findings: outcomes.flatMap(({ task, failure }) => (failure ? [doesWithout(task, failure)] : [])),
  }
}

function keyOf(platform: string, location: string): string {
  return `${platform} ${location}`
}

function changesOf(
  targets: readonly AddonTarget[],
  outcomes: readonly Outcome[],
  pruned: readonly Pruned[],
  cache: ContentCache,
): PackageChanges {
  const parts = new Map<string, { files: readonly ProvidedFile[]; remove: readonly string[] }>()
  for (const { task, binary } of outcomes)
    if (binary) parts.set(keyOf(task.platform, task.package.location), { files: binary.files, remove: [] })
  for (const { platform, location, paths } of pruned) {
    const key = keyOf(platform, location)
    parts.set(key, { files: parts.get(key)?.files ?? [], remove: paths })
  }
  return new Map(
    targets.map((target) => {
      const platform = formatPlatform(target.platform)
      const own = [...parts].flatMap(([key, { files, remove }]): [string, PackageChange][] =>
        key.startsWith(`${platform} `)
          ? [[key.slice(platform.length + 1), packageChange(files, remove, cache)]]
          : [],
      )
      return [platform, new Map(own)]
    }),
  )
}

function reportPruned(pruned: readonly Pruned[], progress: Progress): void {
  const byPlatform = new Map<string, number>()
  for (const { platform, bytes } of pruned) byPlatform.set(platform, (byPlatform.get(platform) ?? 0) + bytes)
  const sums = [...byPlatform].map(
    ([platform, bytes]) =>
      `${bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`} for ${platform}`,
  )
  if (sums.length > 0)
    progress({
      type: 'decision',
      topic: 'prune',
      text: `${sums.join(', ')}: binaries of other platforms, sources of what was compiled`,
    })
}

interface Planned {
  task: AddonTask
  ways: readonly AddonStep[]
}

/** What has to be done for one package, on each platform where there is something to do. */
function planTasks(
  addon: AddonPackage,
  { shared, perPlatform }: NodeModulesPlan,
  targets: readonly AddonTarget[],
  all: Readonly<Record<string, AddonSettings>>,
): Planned[] {
  const settings = settingsOf(addon.name, all)
  return targets.flatMap((target) => {
    const platform = formatPlatform(target.platform)
    const status = addon.platforms[platform]
    const ways = status ? waysLeft(addon, status, settings) : []
    if (ways.length === 0) return []
    const own = perPlatform.get(platform)
    const placement: Placement = {
      packages: [...shared.packages, ...(own?.packages ?? [])],
      binLinks: [...shared.binLinks, ...(own?.binLinks ?? [])],
    }
    const placed = placement.packages.find(({ package: { location } }) => location === addon.location)
    if (!placed) return []
    const { optional } = addon
    const name = nameAndVersion(addon)
    return [
      {
        task: { package: placed.package, addon, name, platform, target, placement, settings, optional },
        ways,
      },
    ]
  })
}

interface Outcome {
  task: AddonTask
  binary?: ProvidedBinary
  failure?: AddonError
}

/** Tries one way after the other; the last failure counts, as it is of what would have helped: unless that way is closed here. */
async function provide(
  { task, ways }: Planned,
  open: Partial<Record<AddonStep, Way>>,
  { progress, signal }: CancelOptions & { progress: Progress },
): Promise<Outcome> {
  let failure = new AddonError(
    'ADDON_UNAVAILABLE',
    `no way that is allowed leads to a binary of ${task.name} for ${task.platform}`,
    {
      kind: 'usage',
      hint: `allow another one: "addons": {"${task.package.name}": {"from": ["download", "compile"]}}`,
      details: { package: task.name, platform: task.platform, ways },
    },
  )
  let tried = false
  for (const way of ways) {
    try {
      const binary = await open[way]?.(task, { signal })
      if (binary && way === 'emulate' && tried) progress(lastResort(task, failure))
      if (binary) return { task, binary }
    } catch (error) {
      throwIfAborted(signal)
      if (!(error instanceof AddonError)) throw error
      failure = tried && error.code === 'ADDON_CANNOT_EMULATE' ? withHint(failure, error.message) : error
      tried = true
    }
  }
  if (!task.optional) throw failure
  return { task, failure }
}

/** Said because it takes long, and what would make it needless is known. */
function lastResort({ platform }: AddonTask, { message, hint }: AddonError): ProgressEvent {
  return {
    type: 'warning',
    platform,
    text: `${message}: it was compiled in a root of the base image, as the last resort`,
    ...(hint ? { hint } : {}),
  }
}

function withHint({ code, message, kind, hint, details }: AddonError, more: string): AddonError {
  return new AddonError(code, message, { kind, hint: [...(hint ? [hint] : []), more].join('\n'), details })
}

function doesWithout({ name, platform }: AddonTask, failure: AddonError): Finding {
  return {
    rule: 'addons/without-binary',
    severity: 'warning',
    platform,
    message: `${name} goes without its binary: ${failure.message}`,
    ...(failure.hint ? { hint: failure.hint } : {}),
  }
}
