/**
 * What a lock lacks or forbids for the platforms of an image. A lock that was made on one kind of machine, by npm before 11
 * with a node_modules beside it, or from a registry that lacked packages, may have lost the optional packages of all
 * other platforms: every install from it succeeds, and the service fails on the platform that was lost.
 */
import { compareText, type Finding } from '../base/index.ts'
import { type DependencyFlags, type FlaggedGraph, flaggedGraph } from './dependency-flags.ts'
import { type DependencyNode, isOptionalEdge } from './dependency-graph.ts'
import { fitsPlatform, type NpmTarget } from './fits-target.ts'
import { isNamedFor, namedPlatform } from './named-platform.ts'
import type { PackageLock } from './package-lock.ts'
import { type Omission, selectPackages } from './select-packages.ts'
import { nameAndVersion } from './why.ts'

export interface PlatformFindingsOptions {
  /** platform as findings name it (`linux/arm64`) → what its packages must fit */
  targets: ReadonlyMap<string, NpmTarget>
  omit?: readonly Omission[]
  workspaces?: readonly string[]
  legacyPeerDeps?: boolean
}

/** A dependency that the lock has no entry for. */
interface Missing {
  parent: string
  name: string
  /** the parent cannot do without, whatever the platform */
  required: boolean
}

/**
 * What a lock lacks or forbids for the platforms. `lockfile/missing-platform-package`: dependencies of installed packages that
 * no entry stands for (error for a platform that would need one, else warning);
 * `lockfile/unsupported-platform`: a package that is not optional excludes a requested platform.
 */
export function platformFindings(lock: PackageLock, options: PlatformFindingsOptions): Finding[] {
  const flagged = flaggedGraph(lock, options)
  const lost = new Map<string, Missing>()
  const findings: Finding[] = []
  for (const [platform, target] of options.targets) {
    const installed = selectPackages(lock, { ...options, target }).packages.map(({ location }) => location)
    const nodes = ['', ...lock.workspaces, ...installed].flatMap(
      (location) => flagged.graph.nodes.get(location) ?? [],
    )
    const missing = nodes.flatMap((node) => missingOf(node, flagged))
    const needed = missing.filter((one) => isNeeded(one, target))
    for (const one of missing) lost.set(`${one.parent}\0${one.name}`, one)
    if (needed.length > 0) findings.push(missingFinding(lock, needed, platform))
    findings.push(...nodes.flatMap((node) => unsupportedFinding(node, flagged, platform, target)))
  }
  if (lost.size > 0 && !findings.some(({ rule }) => rule === missingRule)) {
    findings.push(missingFinding(lock, [...lost.values()], undefined))
  }
  return findings
}

const missingRule = 'lockfile/missing-platform-package'

/** Dependencies without an entry: optional ones, and those of optional packages, which `checkLockfile` leaves to us. */
function missingOf(node: DependencyNode, { flagsOf }: FlaggedGraph): Missing[] {
  if (node.locked.inBundle) return []
  const parent = node.location === '' ? 'package.json' : nameAndVersion(node.locked)
  return node.edgesOut
    .filter((edge) => !edge.to)
    .filter((edge) => edge.type === 'optional' || (!isOptionalEdge(edge) && flagsOf(node).optional))
    .map((edge) => ({ parent, name: edge.name, required: !isOptionalEdge(edge) }))
}

function isNeeded({ name, required }: Missing, target: NpmTarget): boolean {
  const named = namedPlatform(name)
  return required || (named !== undefined && isNamedFor(named, target))
}

function missingFinding(
  lock: PackageLock,
  missing: readonly Missing[],
  platform: string | undefined,
): Finding {
  const parents = [...new Set(missing.map(({ parent }) => parent))].sort(compareText)
  const names = [...new Set(missing.map(({ name }) => name))].sort(compareText)
  const what = `${lock.file} has no entry for ${shorten(names)}, which ${shorten(parents)} ${parents.length === 1 ? 'lists' : 'list'}`
  return {
    rule: missingRule,
    severity: platform === undefined ? 'warning' : 'error',
    message: platform === undefined ? `${what} for other platforms` : `${what} for ${platform}`,
    hint: repair,
    ...(platform === undefined ? {} : { platform }),
    ...(parents.length === 1 && parents[0] !== 'package.json' ? { package: parents[0] } : {}),
    source: { file: lock.file, line: 1, column: 1 },
    details: { parents, missing: names },
  }
}

const repair =
  'run `npx npm@11 install --package-lock-only` and commit the lockfile\n' +
  'npm 10 and older do not repair it; with them, `npm uninstall` and `npm install` the packages that list them'

function shorten(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}

function unsupportedFinding(
  node: DependencyNode,
  { flagsOf }: FlaggedGraph,
  platform: string,
  target: NpmTarget,
): Finding[] {
  const { locked } = node.target ?? node
  const flags: DependencyFlags = flagsOf(node)
  if (flags.optional || fitsPlatform(locked, target)) return []
  const { os, cpu, libc } = locked
  const allowed = Object.entries({ os, cpu, libc }).flatMap(([key, list]) =>
    list ? `${key} ${list.join(', ')}` : [],
  )
  return [
    {
      rule: 'lockfile/unsupported-platform',
      severity: 'error',
      message: `${nameAndVersion(locked)} is not for ${platform}: its package.json allows ${allowed.join('; ')}`,
      hint: 'move it to optionalDependencies of the package that needs it, or build without this platform',
      platform,
      package: nameAndVersion(locked),
      details: { location: node.location, os, cpu, libc },
    },
  ]
}
