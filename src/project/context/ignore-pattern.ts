/**
 * One line of a .dockerignore file, as BuildKit understands it: the syntax of Go's filepath.Match plus `**`. BuildKit turns a
 * pattern into a comparison, a prefix, a suffix or a regular expression, and each kind has corners of its own (`foo**` is the
 * prefix `foo`, `**foo` is the suffix `foo`, a leading `**` followed by a later `*` is neither). They are kept.
 */

export interface IgnorePattern {
  /** the cleaned pattern, without `!` */
  text: string
  /** `!`: takes paths in again */
  exception: boolean
  /** Whether the path itself (not one of its parents) is meant. */
  matches(path: string): boolean
  /** Whether a path below this folder could be meant. */
  reachesInto(folder: string): boolean
}

/** Reads one pattern; `problem` makes the error for one that BuildKit refuses. */
export function parseIgnorePattern(
  text: string,
  exception: boolean,
  problem: (why: string) => Error,
): IgnorePattern {
  checkSyntax(text, problem)
  const literal = literalPrefix(text)
  const isLiteral = literal === text
  return {
    text,
    exception,
    matches: matcherOf(text, problem),
    reachesInto(folder) {
      const inside = `${folder}/`
      return (
        text.startsWith(inside) || (!isLiteral && (literal.startsWith(inside) || inside.startsWith(literal)))
      )
    },
  }
}

function literalPrefix(text: string): string {
  return text.slice(0, /[*?[\\]|$/.exec(text)?.index)
}

/** The checks of filepath.Match: classes are closed and not empty, nothing is missing behind a backslash or a dash. */
function checkSyntax(text: string, problem: (why: string) => Error): void {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '[') at = endOfClass(text, at, problem)
    else if (text[at] === '\\' && ++at >= text.length) throw problem('ends with a backslash')
  }
}

/** The offset of the bracket that closes the class which opens at `start`. */
function endOfClass(text: string, start: number, problem: (why: string) => Error): number {
  let at = text[start + 1] === '^' ? start + 2 : start + 1
  const member = () => {
    if (text[at] === '\\') at++
    else if (at >= text.length || '-]'.includes(text[at] as string)) {
      throw problem('has a [class] that is empty, not closed, or begins or ends with "-"')
    } else if ('*?'.includes(text[at] as string) || text.startsWith('[:', at)) {
      throw problem(
        `has ${text.slice(at, at + 2)} inside [class], which BuildKit does not read as it is meant`,
      )
    }
    at += String.fromCodePoint(text.codePointAt(at) ?? 0).length
  }
  do {
    member()
    if (text[at] === '-') {
      at++
      member()
    }
  } while (text[at] !== ']')
  return at
}

function matcherOf(text: string, problem: (why: string) => Error): (path: string) => boolean {
  const { kind, source } = translate(text, problem)
  if (kind === 'exact') return (path) => path === text
  if (kind === 'prefix') return (path) => path.startsWith(text.slice(0, -2))
  if (kind === 'suffix') {
    const suffix = text.slice(2)
    // `**/name` means `name` at the top, too.
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1))
  }
  const expression = compile(source, problem)
  return (path) => expression.test(path)
}

function compile(source: string, problem: (why: string) => Error): RegExp {
  try {
    return new RegExp(`^${source}$`, 'u')
  } catch {
    throw problem('has a [class] with a range that runs backwards')
  }
}

type Kind = 'exact' | 'prefix' | 'suffix' | 'expression'

const anything = '[^\\n]*'
const withinSegment = '[^/]'

/** The kind of a pattern and its regular expression, token by token. */
function translate(text: string, problem: (why: string) => Error): { kind: Kind; source: string } {
  let kind: Kind = 'exact'
  let source = ''
  let at = 0
  while (at < text.length) {
    const first = at === 0
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
    at += character.length
    if (character === '*' && text[at] === '*') {
      at += text[at + 1] === '/' ? 2 : 1
      const last = at >= text.length
      if (!last) source += `(?:${anything}/)?`
      else if (kind !== 'exact') source += anything
      kind = last && kind === 'exact' ? 'prefix' : 'expression'
      if (first) kind = 'suffix'
    } else if (character === '*' || character === '?') {
      source += character === '*' ? `${withinSegment}*` : withinSegment
      kind = 'expression'
    } else if (character === '[') {
      const end = endOfClass(text, at - 1, problem)
      source += classSource(text.slice(at, end), problem)
      at = end + 1
      kind = 'expression'
    } else if (character === '\\') {
      const escaped = String.fromCodePoint(text.codePointAt(at) ?? 0)
      at += escaped.length
      source += escapeSource(escaped, problem)
      kind = 'expression'
    } else if (character === '^' || character === ']') {
      // BuildKit leaves the circumflex bare, so that it can never match once the pattern is an expression.
      source += character === '^' ? '^' : '\\]'
      if (character === ']') kind = 'expression'
    } else source += literalSource(character)
  }
  return { kind, source }
}

function literalSource(character: string): string {
  return /[$()*+.?[\\\]^{|}/]/.test(character) ? `\\${character}` : character
}

function classSource(members: string, problem: (why: string) => Error): string {
  const source = members.replace(/\\(.)/gsu, (_, escaped: string) =>
    escaped === '-' ? '\\-' : escapeSource(escaped, problem),
  )
  return `[${source}]`
}

/** What follows a backslash is passed to the expression as it is: letters and digits get a meaning, or are an error. */
function escapeSource(character: string, problem: (why: string) => Error): string {
  if (!/[A-Za-z0-9]/.test(character)) return literalSource(character)
  if ('dDwWsSbBtnrfv'.includes(character)) return `\\${character}`
  throw problem(`has \\${character}, which is no escape; write ${character} alone`)
}
