/** Relations between packages: `Depends`, `Provides`, `Conflicts` and their like (deb-control(5), Debian Policy 7.1). */
import type { DebianError } from '../debian-error.ts'
import { compareVersions } from './version.ts'

export type Operator = '<<' | '<=' | '=' | '>=' | '>>'

/** One package name with the versions that are meant; architecture qualifiers are dropped, there is only one here. */
export interface Relation {
  name: string
  constraint?: { operator: Operator; version: string }
}

/** Alternatives, the preferred one first: one of them is enough. */
export type Dependency = readonly Relation[]

const pattern =
  /^([a-zA-Z0-9][a-zA-Z0-9+.-]*)(?::[a-zA-Z0-9-]+)?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([0-9A-Za-z][^\s()]*)\s*\))?$/

/** Parses the value of a relation field. Throws what `malformed` makes of the reason. */
export function parseRelations(
  value: string | undefined,
  malformed: (why: string) => DebianError,
): Dependency[] {
  const items = (value ?? '').split(',').map((item) => item.trim())
  return items
    .filter(Boolean)
    .map((item) => item.split('|').map((part) => parseRelation(part.trim(), malformed)))
}

function parseRelation(text: string, malformed: (why: string) => DebianError): Relation {
  const [, name, operator, version] = pattern.exec(text) ?? []
  if (name === undefined) throw malformed(`${JSON.stringify(text)} is no relation to a package`)
  if (operator === undefined || version === undefined) return { name }
  // The lone < and > of old packages mean "or equal".
  const exact = operator === '<' ? '<=' : operator === '>' ? '>=' : (operator as Operator)
  return { name, constraint: { operator: exact, version } }
}

const meanings: Readonly<Record<Operator, (order: number) => boolean>> = {
  '<<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '=': (order) => order === 0,
  '>=': (order) => order >= 0,
  '>>': (order) => order > 0,
}

/** Whether a version is one of those that the relation means. */
export function admits({ constraint }: Relation, version: string): boolean {
  if (!constraint) return true
  return meanings[constraint.operator](compareVersions(version, constraint.version))
}

/** The relation as control files write it. */
export function formatRelation({ name, constraint }: Relation): string {
  return constraint ? `${name} (${constraint.operator} ${constraint.version})` : name
}

/** The alternatives as control files write them. */
export function formatDependency(dependency: Dependency): string {
  return dependency.map(formatRelation).join(' | ')
}
