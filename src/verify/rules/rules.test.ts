import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyRules } from './rules.ts'

const ruleIds = verifyRules.map(({ id }) => id)
const pages = join(import.meta.dirname, '../../../docs/rules/image')

describe('rules', () => {
  it('are each listed once, and each file is listed', () => {
    const files = readdirSync(import.meta.dirname).filter((name) => !/^rules(?:\.test)?\.ts$/.test(name))
    expect(new Set(ruleIds).size).toBe(ruleIds.length)
    expect(files.map((name) => `image/${name.replace(/\.ts$/, '')}`).sort()).toEqual(ruleIds)
  })

  it('have a page each, and there is no page without a rule', () => {
    const names = readdirSync(pages).map((name) => `image/${name.replace(/\.md$/, '')}`)
    expect(names.sort()).toEqual(ruleIds)
  })

  it.each(ruleIds)('%s: its page says what, why, an example, the fix and when not', (id) => {
    const page = readFileSync(join(pages, `${id.replace('image/', '')}.md`), 'utf8')
    expect(page.startsWith(`# ${id}\n\n`)).toBe(true)
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      'Why',
      'Example',
      'Fix',
      'When not',
    ])
    // The example is output: it names the rule, and its severity.
    expect(page).toMatch(new RegExp(`^(?:error|warning|info)  ${id}`, 'm'))
  })

  it.each(verifyRules)('$id: the example has its severity', ({ id, severity }) => {
    const page = readFileSync(join(pages, `${id.replace('image/', '')}.md`), 'utf8')
    const shown = new RegExp(`^(error|warning|info)  ${id}`, 'm').exec(page)?.[1]
    const expected = id === 'image/unsafe-entry' ? 'warning' : severity
    expect(shown).toBe(expected)
  })
})
