import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, constantFrom, property } from 'fast-check'
import { expect, it } from 'vitest'
import { patchText } from './index.ts'

it('is what diff -u prints, without times', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n'
  const after = 'a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk'
  expect(patchText('x', before, after)).toBe(
    '--- a/x\n+++ b/x\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -8,3 +8,4 @@\n h\n i\n j\n+k\n\\ No newline at end of file\n',
  )
  expect(patchText('x', before, before)).toBe('')
})

it('gives git the second text from the first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyarch-patch-'))
  try {
    const line = constantFrom('a\n', 'b\n', 'c\n', '\n', 'RUN x \\\n')
    const text = array(line, { maxLength: 14 }).map((lines) => lines.join(''))
    assert(
      property(text, text, constantFrom('', 'end'), (before, body, end) => {
        const after = body + end
        if (before === '' || after === '' || before === after) return
        writeFileSync(join(folder, 'x'), before)
        execFileSync('git', ['apply', '--unidiff-zero', '-p1', '-'], {
          cwd: folder,
          input: patchText('x', before, after),
        })
        expect(readFileSync(join(folder, 'x'), 'utf8')).toBe(after)
      }),
      { numRuns: 40 },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
