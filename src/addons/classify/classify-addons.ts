/**
 * Which packages are or carry native code, how they come by it, and what each has for each platform: decided from what the
 * tarballs hold, never from a package's name alone. Nothing is installed and no script is run.
 */
import { type CancelOptions, compareText, mapConcurrently, throwIfAborted } from '../../base/index.ts'
import { carriersFor, familyMembers, type LockedPackage, missingCarriers } from '../../lockfile/index.ts'
import {
  type NodeModulesPlan,
  npmTargetOf,
  type PackageRecords,
  type PackageSource,
  type Placement,
  type TargetPlatform,
} from '../../npm/index.ts'
import { formatPlatform } from '../../oci/index.ts'
import type { AddonPackage, AddonStatus } from './addon-package.ts'
import { describeAddon } from './describe-addon.ts'
import { isCandidate } from './is-candidate.ts'
import { type PackageFacts, packageFacts } from './package-facts.ts'
import { statusOf } from './status-of.ts'

export interface ClassifyAddonsOptions extends CancelOptions {
  /** those that the plan was made for */
  platforms: readonly TargetPlatform[]
  source: PackageSource
  /** where what a tarball told is remembered; absent: each is opened again */
  records?: PackageRecords
  /** opens every package instead of those that the lock gives reason to open; default: false */
  everyPackage?: boolean
  /** called for a package that cannot be opened, which is then left out; absent: the failure is thrown */
  onUnread?: (locked: LockedPackage, failure: unknown, suspected: boolean) => void
  /** called when a package was looked at */
  onPackage?: (done: number, total: number) => void
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
  const all = [...new Map(trees.flatMap(({ packages }) => [...packages])).values()]
  const opened = all.filter((locked) => !locked.link && (options.everyPackage || isCandidate(locked)))
  const facts = await factsOf(opened, options)
  const members = new Set(
    trees
      .flatMap(({ packages }) => opened.flatMap((locked) => familyMembers(locked, packages)))
      .map(({ location }) => location),
  )
  return opened
    .filter(({ location }) => !members.has(location))
    .sort((a, b) => compareText(a.location, b.location))
    .flatMap((locked) => describe(locked, facts, trees) ?? [])
}

async function factsOf(
  packages: readonly LockedPackage[],
  options: ClassifyAddonsOptions,
): Promise<ReadonlyMap<string, PackageFacts>> {
  const { signal, onPackage, onUnread } = options
  let done = 0
  const facts = new Map<string, PackageFacts>()
  const read = async (locked: LockedPackage) => {
    try {
      facts.set(locked.location, await packageFacts(locked, options))
    } catch (error) {
      throwIfAborted(signal)
      if (!onUnread) throw error
      onUnread(locked, error, isCandidate(locked))
    }
    onPackage?.(++done, packages.length)
  }
  await mapConcurrently(packages, atOnce, read, { signal })
  return facts
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

function describe(
  locked: LockedPackage,
  known: ReadonlyMap<string, PackageFacts>,
  trees: readonly Tree[],
): AddonPackage | undefined {
  const own = known.get(locked.location)
  if (!own) return undefined
  const carried: PackageFacts[] = []
  const platforms: Record<string, AddonStatus> = {}
  for (const { target, packages } of trees) {
    if (!packages.has(locked.location)) continue
    const npmTarget = npmTargetOf(target)
    const carriers = carriersFor(locked, packages, npmTarget).map((carrier) => {
      const facts = known.get(carrier.location)
      return { locked: carrier, ...(facts ? { facts } : {}) }
    })
    carried.push(...carriers.flatMap(({ facts }) => facts ?? []))
    const missing = missingCarriers(locked, packages, npmTarget)
    const candidate = { locked, facts: own, carriers, missing }
    platforms[formatPlatform(target.platform)] = statusOf(candidate, target)
  }
  return describeAddon(locked, own, carried, platforms)
}
