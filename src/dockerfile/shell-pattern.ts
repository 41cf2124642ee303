/**
 * Patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/text}`: `?` is one character, `*` any number of
 * them; there are no brackets. BuildKit matches them with a leftmost-first regular expression, so do we.
 */

/** The expression for a pattern, or undefined when an escape in it is not allowed. */
function patternExpression(
  pattern: string,
  star: '.*' | '.*?',
  flags: string,
  anchored: boolean,
): RegExp | undefined {
  let source = anchored ? '^' : ''
  const characters = Array.from(pattern)
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] as string
    if (character === '*') source += star
    else if (character === '?') source += '.'
    else if (character === '\\') {
      const next = characters[++index]
      if (next === '}' || next === '/') source += `\\${next}`
      else if (next === '*' || next === '?' || next === '\\') source += `\\${next}`
      else return undefined
    } else source += character.replace(/[[\]{}.+()|^$/]/, '\\$&')
  }
  return new RegExp(source, flags)
}

/** Without the shortest (or, greedy, the longest) beginning that matches; undefined for a malformed pattern. */
export function trimPrefix(value: string, pattern: string, greedy: boolean): string | undefined {
  const expression = patternExpression(pattern, greedy ? '.*' : '.*?', 'u', true)
  if (!expression) return undefined
  return value.slice(expression.exec(value)?.[0].length ?? 0)
}

/** Without the shortest (or, greedy, the longest) ending that matches; undefined for a malformed pattern. */
export function trimSuffix(value: string, pattern: string, greedy: boolean): string | undefined {
  const trimmed = trimPrefix(reverse(value), reversePattern(pattern), greedy)
  return trimmed === undefined ? undefined : reverse(trimmed)
}

/** Replaces the first (or every) match by `replacement`; undefined for a malformed pattern. */
export function replacePattern(
  value: string,
  pattern: string,
  replacement: string,
  every: boolean,
): string | undefined {
  const expression = patternExpression(pattern, '.*', every ? 'gu' : 'u', false)
  return expression ? value.replace(expression, () => replacement) : undefined
}

function reverse(text: string): string {
  return Array.from(text).reverse().join('')
}

/** Reversed, but each escape stays before the character that it escapes. */
function reversePattern(pattern: string): string {
  return (pattern.match(/\\.|./gsu) ?? []).reverse().join('')
}
