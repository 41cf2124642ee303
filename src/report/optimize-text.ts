/** What was made of a Dockerfile, for people: each change with its reason, and what stays with its reason. */
import type { OptimizedDockerfile } from '../optimize/index.ts'
import { count } from './quantity.ts'
import { styles } from './style.ts'

export interface OptimizeTextOptions {
  colour: boolean
  written: boolean
}

export function optimizeText(
  name: string,
  { changes, kept }: OptimizedDockerfile,
  { colour, written }: OptimizeTextOptions,
): string {
  const style = styles(colour)
  const lines: string[] = []
  for (const { rule, what, why, source } of changes) {
    lines.push(
      `${style.green('+')} ${style.bold(`${name}:${source.line}`)}  ${what}  ${style.dim(rule)}`,
      `    ${why}`,
    )
  }
  if (kept.length > 0) lines.push(...(lines.length > 0 ? [''] : []), 'left as it is:')
  for (const { why, source } of kept) lines.push(`  ${style.bold(`${name}:${source.line}`)}  ${why}`)
  lines.push(...(lines.length > 0 ? [''] : []), closing(name, changes.length, written))
  return `${lines.join('\n')}\n`
}

function closing(name: string, changes: number, written: boolean): string {
  if (changes === 0) return `${name} stays as it is`
  if (written) return `${count(changes, 'change')} written to ${name}`
  return `${count(changes, 'change')}; --diff shows them, --write makes them`
}
