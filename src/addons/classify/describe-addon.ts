import { hasFamily, type LockedPackage } from '../../lockfile/index.ts'
import type { AddonPackage, AddonStatus, Mechanism } from './addon-package.ts'
import { buildNeeds } from './needs/build-needs.ts'
import { type KnownPackage, knownPackage } from './needs/known-packages.ts'
import { oldestAbi } from './binary-facts.ts'
import type { PackageFacts } from './package-facts.ts'
import { builderOf } from './status-of.ts'

/** Everything that is said of a package; undefined when it has nothing native and no script. */
export function describeAddon(
  locked: LockedPackage,
  facts: PackageFacts,
  /** of its optional packages for the platforms */
  carried: readonly PackageFacts[],
  platforms: Record<string, AddonStatus>,
): AddonPackage | undefined {
  const known = knownPackage(locked)
  const mechanism = mechanismOf(locked, facts, carried, known)
  if (!mechanism) return undefined
  const builder = builderOf(facts)
  const optionalBecause = whyOptional(locked, facts, known)
  return {
    name: locked.name,
    ...(locked.version === undefined ? {} : { version: locked.version }),
    location: locked.location,
    ...(locked.integrity === undefined ? {} : { integrity: locked.integrity }),
    mechanism,
    ...(builder ? { builder, needs: buildNeeds(builder, facts.build, known) } : {}),
    ...(facts.scripts.downloader ? { downloader: facts.scripts.downloader } : {}),
    optional: optionalBecause !== undefined,
    ...(optionalBecause === undefined ? {} : { optionalBecause }),
    dev: locked.dev,
    binding: bindingOf(facts, carried),
    commands: facts.scripts.commands,
    notes: notesOf(facts, known),
    platforms,
  }
}

function mechanismOf(
  locked: LockedPackage,
  facts: PackageFacts,
  carried: readonly PackageFacts[],
  known: KnownPackage | undefined,
): Mechanism | undefined {
  const { compiled, scripts, hasStep } = facts
  if (known?.payload) return 'tool'
  if (hasFamily(locked)) return onlyPrograms(carried) ? 'tool' : 'optional-packages'
  if (compiled.binaries.some(({ kind }) => kind === 'addon')) return 'bundled'
  if (scripts.downloader) return 'download'
  if (builderOf(facts)) return 'source'
  if (compiled.binaries.length > 0 || scripts.payload) return 'tool'
  return hasStep ? 'script-only' : undefined
}

function onlyPrograms(carried: readonly PackageFacts[]): boolean {
  const kinds = new Set(carried.flatMap(({ compiled }) => compiled.binaries).map(({ kind }) => kind))
  return kinds.has('executable') && !kinds.has('addon')
}

function whyOptional(
  { optional, devOptional }: LockedPackage,
  { scripts }: PackageFacts,
  known: KnownPackage | undefined,
): string | undefined {
  if (optional || devOptional) return 'only optional dependencies need it'
  return known?.optional ?? scripts.mayFail
}

function bindingOf(facts: PackageFacts, carried: readonly PackageFacts[]): AddonPackage['binding'] {
  const binaries = [facts, ...carried].flatMap(({ compiled }) => compiled.binaries)
  const addons = binaries.filter(({ kind }) => kind === 'addon')
  const downloads = facts.template && (facts.template.nodeApi.length > 0 ? 'node-api' : 'node')
  const api = addons.find((addon) => addon.api !== undefined)?.api ?? downloads ?? facts.build.api
  const abis = [...new Set(addons.flatMap((addon) => addon.abis))].filter((abi) => abi >= oldestAbi)
  return { ...(api ? { api } : {}), abis: abis.sort((a, b) => a - b) }
}

function notesOf(
  { compiled, declinesGyp, scripts, hasStep }: PackageFacts,
  known: KnownPackage | undefined,
): string[] {
  const skip = known?.payload?.skip
  return [
    ...(known?.notes ?? []),
    ...(skip ? [`does without its download: ${skip}`] : []),
    ...compiled.stray.map(
      (path) => `${path} is a build that its developer left behind, and loaders look there first`,
    ),
    ...(declinesGyp && scripts.commands.length === 0
      ? ['`npm ci` compiles it although its package.json says `gypfile: false`']
      : []),
    ...(hasStep && compiled.archives.length > 0
      ? [`its script may take binaries from ${compiled.archives.join(', ')}`]
      : []),
  ]
}
