/**
 * .dockerignore as BuildKit applies it (moby/patternmatcher and tonistiigi/fsutil; a port of the behaviour that
 * test/project/dockerignore.test.ts compares with a real BuildKit): the last pattern that matches a path or one of its parents decides, and a folder
 * that is left out may still hold files that are taken in.
 */
import { posix, relative, sep } from 'node:path'
import type { CancelOptions } from '../../base/index.ts'
import { formatPlace } from '../json-tree.ts'
import { ProjectError } from '../project-error.ts'
import { readProjectFile } from '../project-file.ts'
import { type IgnorePattern, parseIgnorePattern } from './ignore-pattern.ts'

const ignoreFile = '.dockerignore'

/** Decides which paths of a build context are left out. Paths are relative to the context, with `/`. */
export interface IgnoreRules {
  ignores(path: string): boolean
  /** Whether nothing below this ignored folder can be taken in again, so that it need not be walked. */
  canSkip(folder: string): boolean
}

/**
 * The rules, and besides them places that are never part of a project, whatever its .dockerignore takes in again: those that
 * a build writes to. A folder above such a place is part of the project when something else in it is. `places` are absolute
 * paths; those outside of `root`, and `root` itself, change nothing.
 */
export function leavingOut(rules: IgnoreRules, root: string, places: readonly string[]): IgnoreRules {
  const left = places
    .map((place) => relative(root, place).split(sep).join('/'))
    .filter((path) => path !== '' && path !== '..' && !path.startsWith('../'))
  const isLeftOut = (path: string) => left.some((place) => path === place || path.startsWith(`${place}/`))
  const isAbove = (path: string) => left.some((place) => place.startsWith(`${path}/`))
  return {
    ignores: (path) => isLeftOut(path) || isAbove(path) || rules.ignores(path),
    canSkip: (folder) =>
      isLeftOut(folder) || (rules.canSkip(folder) && (!isAbove(folder) || rules.ignores(folder))),
  }
}

/** The rules of `<root>/.dockerignore`, or rules that ignore nothing. Throws `ProjectError` `IGNORE_FILE_INVALID`. */
export async function readIgnoreRules(root: string, options: CancelOptions): Promise<IgnoreRules> {
  return parseIgnoreRules((await readProjectFile(root, ignoreFile, options)) ?? '')
}

/** Parses the text of a .dockerignore file. Throws `ProjectError` `IGNORE_FILE_INVALID` for a pattern BuildKit refuses. */
export function parseIgnoreRules(text: string, file = ignoreFile): IgnoreRules {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line, index) => parseLine(line, { file, line: index + 1, column: 1 }))
    .filter((pattern) => pattern !== undefined)
  const exceptions = patterns.filter(({ exception }) => exception)
  const decide = decider(patterns)
  return {
    ignores: (path) => decide(path).ignored,
    canSkip: (folder) => !exceptions.some((pattern) => pattern.reachesInto(folder)),
  }
}

function parseLine(
  line: string,
  place: { file: string; line: number; column: number },
): IgnorePattern | undefined {
  const trimmed = line.trim()
  // Only a "#" in the first column begins a comment.
  if (line.startsWith('#') || trimmed === '') return undefined
  const problem = (why: string) =>
    new ProjectError('IGNORE_FILE_INVALID', `${formatPlace(place)}: the pattern ${trimmed} ${why}`, {
      kind: 'usage',
      hint: 'docker build refuses it too; write special characters with a backslash in front',
      details: { ...place },
    })
  const exception = trimmed.startsWith('!')
  const rest = cleaned(exception ? trimmed.slice(1).trim() : trimmed)
  if (exception && (rest === '.' || rest === '/')) throw problem('names nothing')
  return parseIgnorePattern(rest, exception, problem)
}

/** Go's filepath.Clean, and relative to the context: no `./`, no `//`, no `x/..`, no slash at either end. */
function cleaned(pattern: string): string {
  const path = posix.normalize(pattern)
  const withoutEnd = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  return withoutEnd.length > 1 && withoutEnd.startsWith('/') ? withoutEnd.slice(1) : withoutEnd
}

interface Decision {
  ignored: boolean
  /** which patterns matched this path or a parent of it, as far as they were asked */
  matched: readonly boolean[]
}

/** Decides path by path; decisions about folders are kept, since those about their contents rest on them. */
function decider(patterns: readonly IgnorePattern[]): (path: string) => Decision {
  const folders = new Map<string, Decision>()
  const undecided: Decision = { ignored: false, matched: patterns.map(() => false) }

  function folderDecision(folder: string): Decision {
    if (folder === '.') return undecided
    let decision = folders.get(folder)
    if (!decision) folders.set(folder, (decision = decide(folder)))
    return decision
  }

  function decide(path: string): Decision {
    const parent = folderDecision(posix.dirname(path))
    let ignored = false
    const matched = patterns.map((pattern, index) => {
      // A pattern that could not change the outcome is not asked, and that it was not asked is passed on to the
      // folder's contents, as BuildKit does.
      const asked = pattern.exception === ignored
      const match = parent.matched[index] || (asked && pattern.matches(path))
      if (match) ignored = !pattern.exception
      return match
    })
    return { ignored, matched }
  }

  return decide
}
