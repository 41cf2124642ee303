import { describe, expect, it } from 'vitest'
import type { Finding } from '../base/index.ts'
import { applyIgnore, type IgnoreEntry } from './ignore.ts'

const finding = (rule: string, path?: string, platform = 'linux/amd64'): Finding => ({
  rule,
  severity: 'error',
  message: '',
  platform,
  ...(path ? { path } : {}),
})
const findings = [
  finding('image/wrong-architecture', 'app/vendor/a/tool'),
  finding('image/wrong-architecture', 'app/vendor/tool', 'linux/arm64'),
  finding('image/wrong-architecture', 'app/bin/[x].node'),
  finding('image/platform-missing'),
]

describe('applyIgnore', () => {
  it.each<[IgnoreEntry, number]>([
    [{ rule: 'image/wrong-architecture' }, 3],
    [{ rule: 'image/*' }, 4],
    [{ rule: 'image/wrong-architecture', path: 'app/vendor/*' }, 1],
    [{ rule: 'image/wrong-architecture', path: '/app/vendor/**' }, 2],
    [{ rule: 'image/wrong-architecture', path: '**/tool' }, 2],
    [{ rule: 'image/wrong-architecture', path: '**/tool', platform: 'linux/arm64' }, 1],
    [{ rule: 'image/wrong-architecture', path: 'app/bin/[x].node' }, 1],
    [{ rule: 'image/wrong-architecture', path: 'app/bin/?x?.node' }, 1],
    [{ rule: 'image/platform-missing', path: '**' }, 0],
    [{ rule: 'image/platform' }, 0],
  ])('%j keeps %d out', (entry, uses) => {
    const { remaining, ignored } = applyIgnore(findings, [entry])
    expect(ignored).toEqual([{ ...entry, uses }])
    expect(remaining).toHaveLength(findings.length - uses)
  })

  it('counts each finding once, for the first entry that fits', () => {
    const { ignored } = applyIgnore(findings, [
      { rule: 'image/wrong-*', path: '**/tool' },
      { rule: 'image/*' },
    ])
    expect(ignored.map(({ uses }) => uses)).toEqual([2, 2])
  })
})
