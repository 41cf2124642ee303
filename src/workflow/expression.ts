/** GitHub expressions (`${{ … }}`) inside text: where they are, which values they read, what they give for a matrix row. */
import type { TextRange } from '../base/index.ts'

export interface Expression {
  /** place in the text, braces included */
  readonly range: TextRange
  /** what stands between the braces, trimmed */
  readonly body: string
  /** the contexts that it reads, such as `matrix.platform` or `github.repository` */
  readonly references: readonly string[]
}

export function expressionsIn(text: string): Expression[] {
  return [...text.matchAll(/\$\{\{((?:'[^']*'|[^'}]|\}(?!\}))*)\}\}/gu)].map((match) => ({
    range: { start: match.index, end: match.index + match[0].length },
    body: (match[1] ?? '').trim(),
    references: referencesIn(match[1] ?? ''),
  }))
}

/** The contexts that an expression (with or without braces) reads; string literals are not looked into. */
export function referencesIn(expression: string): string[] {
  const code = expression.replaceAll(/'[^']*'/gu, "''")
  return [...code.matchAll(/\b[a-z_][\w-]*(?:\.(?:[\w-]+|\*)|\[\s*\d+\s*\])+/giu)].map((match) => match[0])
}

/** Replaces the expressions that only read a known value; all others stay. */
export function substitute(text: string, values: ReadonlyMap<string, string>): string {
  let result = ''
  let done = 0
  for (const { range, body } of expressionsIn(text)) {
    result += text.slice(done, range.start) + (values.get(body) ?? text.slice(range.start, range.end))
    done = range.end
  }
  return result + text.slice(done)
}

export function hasExpression(text: string): boolean {
  return text.includes('${{')
}
