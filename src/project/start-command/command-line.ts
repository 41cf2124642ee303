/**
 * One line of a package script, read the way a POSIX shell splits it (Shell Command Language, 2.2 and 2.3), as long as it is
 * one plain command: assignments, then words. Anything that only a shell can do is named instead, so that nothing is
 * started that is not what the script says.
 */

export interface CommandLine {
  /** `NAME=value` in front of the command */
  env: Record<string, string>
  /** never empty */
  words: string[]
}

/** What a line needs a shell for, in words that end "…, which needs a shell". */
export interface ShellNeed {
  construct: string
}

/** Parses a line; a line that is no plain command gives what it needs a shell for. */
export function parseCommandLine(line: string): CommandLine | ShellNeed {
  const split = splitWords(line.trim())
  if ('construct' in split) return split
  const env: Record<string, string> = {}
  const first = split.findIndex(({ text, plain }) => !plain || !assignment.test(text))
  for (const { text } of first < 0 ? split : split.slice(0, first)) {
    const equals = text.indexOf('=')
    env[text.slice(0, equals)] = text.slice(equals + 1)
  }
  const words = first < 0 ? [] : split.slice(first).map(({ text }) => text)
  return words.length === 0 ? { construct: 'no command' } : { env, words }
}

/** Of a chain such as `a && b; c`, the last part; undefined when the line is no chain. */
export function lastOfChain(line: string): string | undefined {
  const parts = line.split(/&&|\|\||;/)
  return parts.length > 1 ? parts.at(-1)?.trim() : undefined
}

const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/

interface Word {
  text: string
  /** its beginning is not quoted, so that it may be an assignment */
  plain: boolean
}

/** Characters that mean something to a shell where they are not quoted. */
const special: readonly [RegExp, string][] = [
  [/^(?:&&|\|\||;|&|\||\n)/, 'several commands'],
  [/^[<>]/, 'a redirection'],
  [/^`|^\$\(/, 'the output of a command'],
  [/^\$/, 'a variable'],
  [/^[*?[]/, 'a file pattern'],
  [/^[(){}]/, 'a group of commands'],
  [/^!(?=\s|$)/, 'a negation'],
]

function splitWords(line: string): Word[] | ShellNeed {
  const words: Word[] = []
  let word: Word | undefined
  for (let at = 0; at < line.length; ) {
    const rest = line.slice(at)
    const blank = /^[ \t]+/.exec(rest)
    if (blank) {
      if (word) words.push(word)
      word = undefined
      at += blank[0].length
      continue
    }
    if (!word && rest.startsWith('#')) break
    if (!word && rest.startsWith('~')) return { construct: 'a home folder' }
    const piece = readPiece(rest)
    if ('construct' in piece) return piece
    word ??= { text: '', plain: !piece.quoted }
    word.text += piece.text
    at += piece.length
  }
  if (word) words.push(word)
  return words
}

/** A quoted string, an escaped character, or a run of ordinary ones. */
function readPiece(rest: string): { text: string; length: number; quoted: boolean } | ShellNeed {
  const single = /^'([^']*)'/.exec(rest)
  if (single) return { text: single[1] as string, length: single[0].length, quoted: true }
  if (rest.startsWith('"')) return readDoubleQuoted(rest)
  const escaped = /^\\([^\n])/u.exec(rest)
  if (escaped) return { text: escaped[1] as string, length: escaped[0].length, quoted: true }
  if (/^['\\]/.test(rest)) return { construct: 'a quotation that is not closed' }
  const known = special.find(([pattern]) => pattern.test(rest))
  if (known) return { construct: known[1] }
  const run = /^[^\s'"\\&|;<>`$*?[(){}]+/u.exec(rest)
  // A lone closing bracket and the like are ordinary characters.
  const text = run?.[0] ?? rest.slice(0, 1)
  return { text, length: text.length, quoted: false }
}

function readDoubleQuoted(rest: string): { text: string; length: number; quoted: boolean } | ShellNeed {
  const quoted = /^"((?:[^"\\]|\\[^])*)"/u.exec(rest)
  if (!quoted) return { construct: 'a quotation that is not closed' }
  const inner = quoted[1] as string
  if (/(?<!\\)(?:\\\\)*[$`]/.test(inner)) return { construct: 'a variable' }
  return { text: inner.replace(/\\(["\\$`])/g, '$1'), length: quoted[0].length, quoted: true }
}
