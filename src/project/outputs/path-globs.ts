/**
 * The globs of `include`: minimatch's syntax, a leading `!` takes away, the last one that matches decides. A pattern that
 * names a folder means everything in it.
 */
import { Minimatch } from 'minimatch'

export interface PathGlobs {
  takes(path: string): boolean
  /** Whether a glob means this very file by (part of) its name, not just everything in a folder. */
  names(path: string): boolean
  /** globs that take in and matched nothing so far */
  unused(): string[]
}

interface Glob {
  text: string
  negated: boolean
  itself: Minimatch
  below: Minimatch
  /** its last part says something about a name: `.env*`, but not `*` and not `**` */
  specific: boolean
  used: boolean
}

export function parsePathGlobs(patterns: readonly string[]): PathGlobs {
  const globs = patterns.map(parseGlob)
  return {
    takes(path) {
      let taken = false
      for (const glob of globs) {
        if (glob.negated !== taken || !(glob.itself.match(path) || glob.below.match(path))) continue
        taken = !glob.negated
        glob.used = true
      }
      return taken
    },
    names: (path) => globs.some((glob) => !glob.negated && glob.specific && glob.itself.match(path)),
    unused: () => globs.filter(({ negated, used }) => !negated && !used).map(({ text }) => text),
  }
}

function parseGlob(text: string): Glob {
  const negated = text.startsWith('!')
  const pattern = (negated ? text.slice(1) : text).replace(/^(\.\/)+/, '').replace(/\/+$/, '') || '**'
  const options = { dot: true, nonegate: true, nocomment: true } as const
  return {
    text,
    negated,
    itself: new Minimatch(pattern === '.' ? '**' : pattern, options),
    below: new Minimatch(pattern === '.' ? '**' : `${pattern}/**`, options),
    specific: /[A-Za-z0-9]/.test(pattern.slice(pattern.lastIndexOf('/') + 1)),
    used: false,
  }
}
