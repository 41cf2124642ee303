/** What the schema says against a configuration, in words that a person can act on. */
import type * as z from 'zod'
import { closestWord } from '../closest-word.ts'

/** One mistake in a configuration. */
export interface ConfigurationProblem {
  /** where, from the configuration's own root */
  path: PropertyKey[]
  /** the key itself is wrong, not its value */
  atKey: boolean
  message: string
}

type Issue = z.core.$ZodIssue

/** The keys that the schema knows at a path. */
export type KnownKeys = (path: readonly PropertyKey[]) => string[]

/** Flattens an issue of the schema (made with `reportInput`) into problems. */
export function describeIssue(issue: Issue, knownKeys: KnownKeys): ConfigurationProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.path, knownKeys(issue.path)))
  }
  if (issue.code === 'invalid_union') return describeUnion(issue, knownKeys)
  return [{ path: issue.path, atKey: issue.code === 'invalid_key', message: messageOf(issue) }]
}

function unknownKey(
  key: string,
  path: readonly PropertyKey[],
  known: readonly string[],
): ConfigurationProblem {
  const meant = closestWord(key, known)
  const advice = meant ? `did you mean "${meant}"?` : `known keys are ${known.join(', ')}`
  return { path: [...path, key], atKey: true, message: `unknown key, ${advice}` }
}

/**
 * A union fails with one list of issues per alternative. The alternative that was meant is the one whose type fits; when
 * none fits, all are named.
 */
function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  knownKeys: KnownKeys,
): ConfigurationProblem[] {
  const isWrongKind = (inner: Issue) =>
    inner.path.length === 0 && (inner.code === 'invalid_type' || inner.code === 'invalid_value')
  const meant = issue.errors.find((issues) => !issues.some(isWrongKind))
  if (meant) {
    return meant.flatMap((inner) =>
      describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, knownKeys),
    )
  }
  const kinds = issue.errors.flatMap((issues) => issues.filter(isWrongKind).slice(0, 1).map(kindOf))
  return [{ path: issue.path, atKey: false, message: `must be ${kinds.join(' or ')}` }]
}

function messageOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing'
      // A message of the schema's own says more than the type does.
      return issue.message.startsWith('Invalid input')
        ? `must be ${kindOf(issue)}${remedy(issue)}`
        : issue.message
    case 'invalid_value': {
      const missing = issue.input === undefined ? 'is missing, ' : ''
      const meant = missing ? undefined : closestWord(String(issue.input), issue.values.map(String))
      return `${missing}must be ${kindOf(issue)}${meant ? `; did you mean "${meant}"?` : ''}`
    }
    case 'too_small':
      return issue.origin === 'number' ? `must be at least ${issue.minimum}` : issue.message
    case 'too_big':
      return issue.origin === 'number' ? `must be at most ${issue.maximum}` : issue.message
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message
    default:
      return issue.message
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  array: 'an array',
  object: 'an object',
  record: 'an object of strings',
  int: 'a whole number',
  number: 'a number',
}

/** What would have been right, as a noun. */
function kindOf(issue: Issue): string {
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(' or ')
  return issue.code === 'invalid_type' ? (kinds[issue.expected] ?? issue.expected) : 'valid'
}

/** What to write instead, where only quotes or brackets are missing. */
function remedy(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  const { input, expected } = issue
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean'))
    return `: write "${input}"`
  if (expected === 'array' && typeof input === 'string') return `: write [${JSON.stringify(input)}]`
  return ''
}
