import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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

describe('findings of every room', () => {
  const source = join(import.meta.dirname, '..')
  const files = readdirSync(source, { withFileTypes: true, recursive: true })
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !/\/(?:testdata|fixtures)\//.test(file))
  const ids = new Set(
    files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\brule: '([a-z-]+\/[a-z0-9-]+)'/g)].map(([, id = '']) => id),
    ),
  )

  it('have a page', async () => {
    expect(ids.size).toBeGreaterThan(15)
    for (const id of ids) expect(await rulePage(id)).toContain(`# ${id}\n`)
  })
})
