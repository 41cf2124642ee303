/**
 * Which packages are installed together: the wanted ones and, for each of their dependencies, the first alternative that can
 * be had. `Recommends` are not followed. Among versions the newest counts, whichever part of the suite has it; that is what
 * apt does with archives of equal priority.
 */
import { compareText } from '../../base/index.ts'
import type { ArchivePackage, PackageIndex } from '../archive/package-index.ts'
import {
  admits,
  type Dependency,
  formatDependency,
  formatRelation,
  type Relation,
} from '../control/relation.ts'
import { compareVersions } from '../control/version.ts'
import { DebianError } from '../debian-error.ts'
import { servesScriptsOnly } from './default-packages.ts'

/**
 * The wanted packages and everything that they need, sorted by name. Throws `DebianError` `DEBIAN_PACKAGE_NOT_FOUND` or
 * `DEBIAN_PACKAGE_CONFLICT`.
 */
export function dependencyClosure(
  wanted: readonly string[],
  index: PackageIndex,
  { suite, architecture }: { suite: string; architecture: string },
): ArchivePackage[] {
  const chosen = new Map<string, ArchivePackage>()
  const pending: ArchivePackage[] = []
  const choose = (candidate: ArchivePackage) => {
    chosen.set(candidate.name, candidate)
    pending.push(candidate)
  }
  const where = `${suite} for ${architecture}`
  // All roots first: a dependency is then satisfied by what was asked for, rather than by its first alternative.
  for (const name of wanted) {
    if (chosen.has(name)) continue
    const candidate = newest(index, { name }) ?? provider(index, { name }, chosen)
    if (!candidate) throw notFound(name, where)
    choose(candidate)
  }
  for (let next = pending.shift(); next; next = pending.shift()) {
    for (const dependency of next.dependencies) {
      if (servesScriptsOnly(next.name, dependency) || isSatisfied(dependency, chosen)) continue
      const candidate = firstAlternative(dependency, index, chosen)
      if (!candidate) throw unsatisfied(next, dependency, where)
      choose(candidate)
    }
  }
  checkConflicts(chosen)
  return [...chosen.values()].sort((a, b) => compareText(a.name, b.name))
}

function isSatisfied(dependency: Dependency, chosen: ReadonlyMap<string, ArchivePackage>): boolean {
  return dependency.some((relation) => [...chosen.values()].some((candidate) => fulfils(candidate, relation)))
}

/** Whether a package is what a relation means, by its own name or by one that it provides. */
function fulfils(candidate: ArchivePackage, relation: Relation): boolean {
  if (candidate.name === relation.name && admits(relation, candidate.version)) return true
  return candidate.provides.some((provided) => {
    if (provided.name !== relation.name) return false
    // A name that is provided without a version fulfils no relation that has one (Debian Policy 7.5).
    return (
      !relation.constraint ||
      (provided.constraint !== undefined && admits(relation, provided.constraint.version))
    )
  })
}

function firstAlternative(
  dependency: Dependency,
  index: PackageIndex,
  chosen: ReadonlyMap<string, ArchivePackage>,
): ArchivePackage | undefined {
  const candidates = dependency
    .flatMap((relation) => [newest(index, relation), provider(index, relation, chosen)])
    .filter((candidate) => candidate !== undefined && !hasOtherVersion(chosen, candidate))
  const agreeing = candidates.find((candidate) => candidate && !conflictOf(candidate, [...chosen.values()]))
  return agreeing ?? candidates[0]
}

/** The newest version of a package, if the relation admits it: an older one would miss security updates. */
function newest(index: PackageIndex, relation: Relation): ArchivePackage | undefined {
  const [first] = index.named(relation.name).toSorted((a, b) => compareVersions(b.version, a.version))
  return first && admits(relation, first.version) ? first : undefined
}

const priorities = ['required', 'important', 'standard', 'optional', 'extra']

/** The package that stands for a virtual one: of the highest priority, then the first by name. */
function provider(
  index: PackageIndex,
  relation: Relation,
  chosen: ReadonlyMap<string, ArchivePackage>,
): ArchivePackage | undefined {
  const rank = ({ priority }: ArchivePackage) => priorities.indexOf(priority)
  return index
    .providing(relation.name)
    .filter((candidate) => candidate.name !== relation.name && fulfils(candidate, relation))
    .filter((candidate) => newest(index, { name: candidate.name })?.version === candidate.version)
    .filter((candidate) => !hasOtherVersion(chosen, candidate))
    .sort((a, b) => rank(a) - rank(b) || compareText(a.name, b.name))[0]
}

/** A second version of a package cannot be installed beside the first. */
function hasOtherVersion(chosen: ReadonlyMap<string, ArchivePackage>, candidate: ArchivePackage): boolean {
  return chosen.has(candidate.name)
}

function checkConflicts(chosen: ReadonlyMap<string, ArchivePackage>): void {
  const all = [...chosen.values()]
  for (const candidate of all) {
    const other = conflictOf(candidate, all)
    if (!other) continue
    throw new DebianError(
      'DEBIAN_PACKAGE_CONFLICT',
      `${candidate.name} ${candidate.version} and ${other.name} ${other.version} cannot be installed together`,
      {
        kind: 'usage',
        hint: 'drop one of the two, or what needs it, from "packages"',
        details: { packages: [candidate.name, other.name] },
      },
    )
  }
}

/** A package of `others` that conflicts with the candidate, in whichever direction; a package never conflicts with itself. */
function conflictOf(
  candidate: ArchivePackage,
  others: readonly ArchivePackage[],
): ArchivePackage | undefined {
  return others.find(
    (other) =>
      other.name !== candidate.name &&
      (candidate.conflicts.some((relation) => fulfils(other, relation)) ||
        other.conflicts.some((relation) => fulfils(candidate, relation))),
  )
}

function notFound(name: string, where: string): DebianError {
  return new DebianError('DEBIAN_PACKAGE_NOT_FOUND', `there is no package ${name} in ${where}`, {
    kind: 'usage',
    hint: `look the name up on https://packages.debian.org; packages outside of Debian's "main" are not taken`,
    details: { package: name },
  })
}

function unsatisfied(needing: ArchivePackage, dependency: Dependency, where: string): DebianError {
  return new DebianError(
    'DEBIAN_PACKAGE_NOT_FOUND',
    `${needing.name} ${needing.version} needs ${formatDependency(dependency)}, which is not in ${where}`,
    {
      kind: 'environment',
      hint: 'the parts of the mirror may be of different days: try again later, or name another mirror with --debian-mirror',
      details: { package: needing.name, needs: dependency.map(formatRelation) },
    },
  )
}
