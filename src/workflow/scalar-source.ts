/** Where each character of a scalar's value stands in the file. */
import { LogicalText, type TextRange } from '../base/index.ts'

/**
 * The value as logical text. Exact for plain and quoted scalars on one line and for block scalars; where the text was
 * folded or escaped, characters that cannot be placed point at the scalar's beginning.
 */
export function scalarSource(
  text: string,
  range: TextRange,
  value: string,
  type: string | undefined,
): LogicalText {
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') return blockSource(text, range, value)
  const raw = text.slice(range.start, range.end)
  const inner = raw.indexOf(value)
  if (inner !== -1 && inner <= 1) return LogicalText.join([{ text: value, offset: range.start + inner }])
  return LogicalText.join([{ text: value, offset: range.start }])
}

/** Block scalars: each line of the file stands, without its indentation, somewhere after the one before it. */
function blockSource(text: string, range: TextRange, value: string): LogicalText {
  const parts: { text: string; offset: number }[] = []
  let done = 0
  for (let at = lineEnd(text, range.start) + 1; at < range.end; at = lineEnd(text, at) + 1) {
    const line = text.slice(at, Math.min(lineEnd(text, at), range.end))
    const content = line.trim()
    const found = content === '' ? -1 : value.indexOf(content, done)
    if (found === -1) continue
    const offset = at + line.indexOf(content)
    if (found > done) parts.push({ text: value.slice(done, found), offset: offset - (found - done) })
    parts.push({ text: content, offset })
    done = found + content.length
  }
  parts.push({ text: value.slice(done), offset: range.end })
  return LogicalText.join(parts)
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from)
  return newline === -1 ? text.length : newline
}
