/** Two versions of a text as a patch that `git apply` and `patch` take. */

const context = 3

interface Line {
  sign: ' ' | '-' | '+'
  text: string
}

/** A unified diff; empty when the texts are the same. Without a text before, the file is a new one. */
export function patchText(name: string, before: string | undefined, after: string): string {
  if (before === after) return ''
  const lines = diff(linesOf(before ?? ''), linesOf(after))
  const hunks = hunksOf(lines)
  return [
    before === undefined ? '--- /dev/null\n' : `--- a/${name}\n`,
    `+++ b/${name}\n`,
    ...hunks.map((range) => hunkText(lines, range)),
  ].join('')
}

/** Lines with their ends, so that a missing one at the end of the file is seen. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/gu) ?? []
}

function diff(a: readonly string[], b: readonly string[]): Line[] {
  const common = commonLengths(a, b)
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: ' ', text: a[i++] as string })
      j++
    } else if (i < a.length && (j === b.length || at(common, i + 1, j) >= at(common, i, j + 1))) {
      lines.push({ sign: '-', text: a[i++] as string })
    } else lines.push({ sign: '+', text: b[j++] as string })
  }
  return lines
}

function at(table: readonly Uint32Array[], i: number, j: number): number {
  return table[i]?.[j] ?? 0
}

/** How many lines the rests from i and j have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    const row = table[i] as Uint32Array
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] =
        a[i] === b[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1))
    }
  }
  return table
}

/** Ranges of lines that belong together: changes with what surrounds them. */
function hunksOf(lines: readonly Line[]): { start: number; end: number }[] {
  const hunks: { start: number; end: number }[] = []
  lines.forEach(({ sign }, index) => {
    if (sign === ' ') return
    const start = Math.max(0, index - context)
    const end = Math.min(lines.length, index + context + 1)
    const last = hunks.at(-1)
    if (last && start <= last.end) last.end = end
    else hunks.push({ start, end })
  })
  return hunks
}

function hunkText(lines: readonly Line[], { start, end }: { start: number; end: number }): string {
  const counted = (sign: '-' | '+', from: number, to: number) =>
    lines.slice(from, to).filter((line) => line.sign === ' ' || line.sign === sign).length
  const range = (sign: '-' | '+') => {
    const length = counted(sign, start, end)
    return `${counted(sign, 0, start) + (length > 0 ? 1 : 0)},${length}`
  }
  const body = lines
    .slice(start, end)
    .map(({ sign, text }) =>
      text.endsWith('\n') ? `${sign}${text}` : `${sign}${text}\n\\ No newline at end of file\n`,
    )
  return `@@ -${range('-')} +${range('+')} @@\n${body.join('')}`
}
