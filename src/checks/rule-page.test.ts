import { describe, expect, it } from 'vitest'
import { ChecksError, rulePage, ruleSummaries, rules } from './index.ts'

describe('rulePage', () => {
  it('has a page for every rule', () => {
    for (const rule of rules) expect(rulePage(rule.id)).toContain(`# ${rule.id}\n\n${rule.summary}`)
    expect(ruleSummaries().find(({ id }) => id === 'dockerfile/root-user')?.summary).toMatch(/root/)
  })

  it('suggests names that are near', () => {
    expect(() => rulePage('dockerfile/cache-scope')).toThrow(ChecksError)
    try {
      rulePage('dockerfile/cache-scope')
    } catch (error) {
      expect(error instanceof ChecksError && error.hint).toContain('workflow/shared-cache-scope')
    }
  })
})
