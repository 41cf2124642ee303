import { describe, expect, it } from 'vitest'
import type { Finding } from '../base/index.ts'
import { githubAnnotations, type PlacedFinding, placedFindings, sarifText } from './index.ts'

const finding = {
  rule: 'dockerfile/root-user',
  severity: 'warning',
  message: '50% of it, at least: root',
  hint: 'do\nthis',
  source: { file: 'a b/Dockerfile', line: 2, column: 3, endLine: 2, endColumn: 9 },
} satisfies Finding

describe('sarifText', () => {
  it('has the shape that code scanning reads', () => {
    const rules = [
      { id: 'dockerfile/root-user', summary: 'Root.', page: '# Root', severity: 'warning' as const },
      { id: 'dockerfile/other', summary: 'Other.', page: '# Other', severity: 'error' as const },
    ]
    const log: unknown = JSON.parse(sarifText([finding], { command: 'check', version: '1.0.0', rules }))
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'everyarch', rules: [{ id: 'dockerfile/root-user' }] } },
          results: [
            {
              ruleId: 'dockerfile/root-user',
              ruleIndex: 0,
              level: 'warning',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'a%20b/Dockerfile' },
                    region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 9 },
                  },
                },
              ],
            },
          ],
        },
      ],
    })
  })
})

describe('a finding in an image', () => {
  const { source: _, ...bare } = finding
  const resultOf = (one: PlacedFinding) => {
    const log = JSON.parse(sarifText([one], { command: 'verify', version: '1.0.0', rules: [] }))
    return log.runs[0].results[0]
  }

  it('has a place and a fingerprint that does not depend on its words', () => {
    const [first, again] = [
      resultOf({ ...bare, path: 'usr/bin/ü' }),
      resultOf({ ...bare, message: 'other words', path: 'usr/bin/ü' }),
    ]
    expect(first.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'usr/bin/%C3%BC' },
          region: { startLine: 1, endLine: 1 },
        },
      },
    ])
    expect(first.partialFingerprints.primaryLocationLineHash).toMatch(/^[0-9a-f]{64}$/)
    expect(again.partialFingerprints).toEqual(first.partialFingerprints)
  })

  it('is placed at the image where it is about no file', () => {
    expect(placedFindings([bare], 'ghcr.io/acme/shop:1')[0]?.path).toBe('ghcr.io/acme/shop:1')
  })
})

describe('githubAnnotations', () => {
  it('escapes what would end a property or a line', () => {
    expect(githubAnnotations([finding])).toBe(
      '::warning file=a b/Dockerfile,line=2,col=3,endLine=2,endColumn=9,title=dockerfile/root-user::50%25 of it, at least: root%0Ado%0Athis\n',
    )
    const { source: _, hint: __, ...bare } = { ...finding, severity: 'info' as const, rule: 'a:b,c' }
    expect(githubAnnotations([bare])).toBe('::notice title=a%3Ab%2Cc::50%25 of it, at least: root\n')
  })
})
