import { describe, expect, it } from 'vitest'
import { type CheckTextInput, checkText } from './check-text.ts'

const text = 'on: push\n\t  cache-to: type=gha,mode=max\nlong: ' + 'x'.repeat(300) + 'HERE\n'
const base: CheckTextInput = {
  findings: [],
  ignored: [],
  skipped: [],
  files: 3,
  texts: new Map([['.github/workflows/docker.yml', text]]),
}
const finding = (line: number, column: number, endColumn: number) => ({
  rule: 'workflow/shared-cache-scope',
  severity: 'error' as const,
  message: 'the last one wins',
  source: { file: '.github/workflows/docker.yml', line, column, endLine: line, endColumn },
})
const plain = { colour: false, columns: 100 }

describe('checkText', () => {
  it('underlines the place, with tabs kept, and says what to do', () => {
    const input = {
      ...base,
      findings: [{ ...finding(2, 14, 31), fix: { title: 'add a scope', automatic: true } }],
    }
    expect(checkText(input, plain).split('\n')).toEqual([
      '.github/workflows/docker.yml:2:14  error  workflow/shared-cache-scope',
      '   2 | \t  cache-to: type=gha,mode=max',
      `     | \t${' '.repeat(12)}^^^^^^^^^^^^^^^^^ the last one wins`,
      '   fix: add a scope  (--fix)',
      '1 error in 1 file of 3; 1 can be fixed with --fix',
      '',
    ])
  })

  it('cuts long lines around the place', () => {
    const lines = checkText({ ...base, findings: [finding(3, 307, 311)] }, plain).split('\n')
    expect(lines[1]?.endsWith('HERE')).toBe(true)
    expect(lines[1]?.length).toBeLessThanOrEqual(100)
    expect(lines[2]?.indexOf('^')).toBe(lines[1]?.indexOf('HERE'))
  })

  it('shows findings without a line to show', () => {
    expect(checkText({ ...base, findings: [finding(9, 1, 1)] }, plain)).toContain('   the last one wins\n')
  })

  it('says what was fixed, ignored and skipped', () => {
    const input = {
      ...base,
      ignored: [{}],
      skipped: [{ file: 'a.yaml', reason: 'a template' }],
      fixed: { findings: 2, files: ['Dockerfile'] },
    }
    expect(checkText(input, plain)).toBe(
      'a.yaml was skipped: a template\nfixed 2 findings in Dockerfile\nno findings in 3 files, 1 ignored\n',
    )
  })
})
