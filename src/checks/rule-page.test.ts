import { describe, expect, it } from 'vitest'
import { ChecksError, rulePage, ruleSummaries, rules } from './index.ts'

describe('rulePage', () => {
  it('has a page for every rule', async () => {
    for (const rule of rules) expect(await rulePage(rule.id)).toContain(`# ${rule.id}\n\n${rule.summary}`)
    const summaries = await ruleSummaries()
    expect(summaries.find(({ id }) => id === 'dockerfile/root-user')?.summary).toMatch(/root/)
  })

  it('suggests names that are near', async () => {
    const failure = await rulePage('dockerfile/cache-scope').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ChecksError)
    expect(failure).toMatchObject({
      code: 'CHECK_RULE_UNKNOWN',
      hint: expect.stringContaining('workflow/shared-cache-scope') as string,
    })
  })
})
