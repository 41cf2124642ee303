/** Which locations of a lock are workspaces: the globs of the root's `workspaces`, with npm's rules for their order. */
import { minimatch } from 'minimatch'
import { compareText } from '../base/index.ts'
import { isRecord } from './read-entry.ts'

/** The locations that a `workspaces` field (a list, or an object with `packages`) names; sorted. */
export function workspaceFolders(field: unknown, locations: readonly string[]): string[] {
  const declared = isRecord(field) ? field.packages : field
  if (!Array.isArray(declared)) return []
  const { wanted, unwanted } = splitPatterns(declared.filter((pattern) => typeof pattern === 'string'))
  const candidates = locations.filter((location) => location !== '' && !isInNodeModules(location))
  return candidates
    .filter((location) => !unwanted.some((pattern) => minimatch(location, pattern)))
    .filter((location) => wanted.some((pattern) => minimatch(location, pattern)))
    .sort(compareText)
}

/** A negated pattern holds unless a later positive one names something below it; it also removes earlier positive ones. */
function splitPatterns(patterns: readonly string[]): { wanted: string[]; unwanted: string[] } {
  const wanted: string[] = []
  let unwanted: string[] = []
  for (const text of patterns) {
    const marks = /^!*/.exec(text)?.[0].length ?? 0
    const pattern = text
      .slice(marks)
      .replace(/^\.?\/+/, '')
      .replace(/\/+$/, '')
    if (marks % 2 === 1) {
      unwanted.push(pattern)
    } else {
      unwanted = unwanted.filter((negated) => !minimatch(pattern, negated))
      wanted.push(pattern)
    }
  }
  return {
    wanted: wanted.filter((pattern) => !unwanted.some((negated) => minimatch(pattern, negated))),
    unwanted,
  }
}

function isInNodeModules(location: string): boolean {
  return location.split('/').includes('node_modules')
}
