/**
 * Which packages are or carry native code, how they come by it, and what each has for each platform: decided from what the
 * tarballs hold, never from a package's name alone. Nothing is installed and no script is run.
 */
import { type CancelOptions, compareText, mapConcurrently } from '../../base/index.ts'
import { carriersFor, hasFamily, type LockedPackage } from '../../lockfile/index.ts'
import {
  type NodeModulesPlan,
  npmTargetOf,
  type PackageRecords,
  type PackageSource,
  type Placement,
  type TargetPlatform,
} from '../../npm/index.ts'
import { formatPlatform } from '../../oci/index.ts'
import type { AddonPackage, AddonStatus, Mechanism } from './addon-package.ts'
import { isCandidate } from './is-candidate.ts'
import { type PackageFacts, packageFacts } from './package-facts.ts'
import { type Carrier, statusOf } from './status-of.ts'

export interface ClassifyAddonsOptions extends CancelOptions {
  /** those that the plan was made for */
  platforms: readonly TargetPlatform[]
  source: PackageSource
  /** where what a tarball told is remembered; absent: each is opened again */
  records?: PackageRecords
}

/** Tarballs that are looked at at once. */
const atOnce = 4

/**
 * The packages with native code, or with an install script, sorted by location; those that need nothing on any platform are
 * left out. Opens the tarballs of all that might be among them. Throws `NpmError`.
 */
export async function classifyAddons(
  plan: NodeModulesPlan,
  options: ClassifyAddonsOptions,
): Promise<AddonPackage[]> {
  const trees = options.platforms.map((target) => treeOf(plan, target))
  const all = new Map(trees.flatMap(({ packages }) => [...packages]))
  const candidates = [...all.values()].filter(isCandidate)
  const carriers = candidates.flatMap((locked) => trees.flatMap((tree) => carriersIn(locked, tree)))
  const opened = [
    ...new Map([...candidates, ...carriers].map((locked) => [locked.location, locked])).values(),
  ]
  const facts = new Map(
    await mapConcurrently(
      opened,
      atOnce,
      async (locked) => [locked.location, await packageFacts(locked, options)] as const,
      options,
    ),
  )
  const carrying = new Set(carriers.map(({ location }) => location))
  return candidates
    .filter(({ location }) => !carrying.has(location))
    .sort((a, b) => compareText(a.location, b.location))
    .flatMap((locked) => describe(locked, facts, trees))
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

function carriersIn(locked: LockedPackage, { target, packages }: Tree): LockedPackage[] {
  return carriersFor(locked, packages, npmTargetOf(target))
}

function describe(
  locked: LockedPackage,
  known: ReadonlyMap<string, PackageFacts>,
  trees: readonly Tree[],
): AddonPackage[] {
  const facts = known.get(locked.location) as PackageFacts
  const carriers: Carrier[] = []
  const statuses = trees
    .filter(({ packages }) => packages.has(locked.location))
    .map((tree): [string, AddonStatus] => {
      const own = carriersIn(locked, tree).map((carrier) => ({
        locked: carrier,
        facts: known.get(carrier.location) as PackageFacts,
      }))
      carriers.push(...own)
      return [formatPlatform(tree.target.platform), statusOf(locked, facts, own, tree.target)]
    })
  const mechanism = mechanismOf(locked, facts, carriers)
  if (!mechanism) return []
  const { scripts } = facts
  const builder = facts.implicit ? 'node-gyp' : scripts.builder
  const optionalBecause = whyOptional(locked, facts)
  return [
    {
      name: locked.name,
      ...(locked.version === undefined ? {} : { version: locked.version }),
      location: locked.location,
      ...(locked.integrity === undefined ? {} : { integrity: locked.integrity }),
      mechanism,
      ...(builder
        ? { builder, needs: { python: builder === 'node-gyp', tools: [], systemLibraries: [] } }
        : {}),
      ...(scripts.downloader ? { downloader: scripts.downloader } : {}),
      optional: optionalBecause !== undefined,
      ...(optionalBecause === undefined ? {} : { optionalBecause }),
      dev: locked.dev,
      binding: bindingOf([facts, ...carriers.map((carrier) => carrier.facts)]),
      commands: scripts.commands,
      notes: [],
      platforms: Object.fromEntries(statuses),
    },
  ]
}

function mechanismOf(
  locked: LockedPackage,
  { compiled, scripts, implicit, hasStep }: PackageFacts,
  carriers: readonly Carrier[],
): Mechanism | undefined {
  const { binaries } = compiled
  if (hasFamily(locked)) {
    const carried = carriers.flatMap(({ facts }) => facts.compiled.binaries)
    const runs = carried.some(({ kind }) => kind === 'executable')
    return runs && !carried.some(({ kind }) => kind === 'addon') ? 'tool' : 'optional-packages'
  }
  if (binaries.some(({ kind }) => kind === 'addon')) return 'bundled'
  if (scripts.downloader) return 'download'
  if (implicit || scripts.builder) return 'source'
  if (binaries.length > 0) return 'tool'
  return hasStep ? 'script-only' : undefined
}

function whyOptional(
  { optional, devOptional }: LockedPackage,
  { scripts }: PackageFacts,
): string | undefined {
  if (optional || devOptional) return 'only optional dependencies need it'
  return scripts.mayFail
}

function bindingOf(all: readonly PackageFacts[]): AddonPackage['binding'] {
  const addons = all.flatMap(({ compiled }) => compiled.binaries).filter(({ kind }) => kind === 'addon')
  const api = addons.find((addon) => addon.api !== undefined)?.api
  const abis = [...new Set(addons.flatMap((addon) => addon.abis))].sort((a, b) => a - b)
  return { ...(api ? { api } : {}), abis }
}
