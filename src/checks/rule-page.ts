/** The page of a rule, for `everyarch explain`. The pages are large, and loaded only here. */
import { ChecksError } from './checks-error.ts'

/** The rule's page as Markdown. Throws `ChecksError` `CHECK_RULE_UNKNOWN`, with the names that are near. */
export async function rulePage(id: string): Promise<string> {
  const { rulePages } = await import('./rules/pages.ts')
  const page = rulePages.get(id)
  if (page !== undefined) return page
  const name = id.slice(id.indexOf('/') + 1)
  const near = [...rulePages.keys()].filter((known) => sharesWord(known, name)).slice(0, 5)
  throw new ChecksError('CHECK_RULE_UNKNOWN', `no rule is named ${id}`, {
    kind: 'usage',
    hint: near.length > 0 ? `did you mean ${near.join(', ')}?` : '`everyarch explain` lists all rules',
    details: { rule: id, near },
  })
}

/** Every rule with the first sentence of its page. */
export async function ruleSummaries(): Promise<{ id: string; summary: string }[]> {
  const { rulePages } = await import('./rules/pages.ts')
  return [...rulePages].map(([id, page]) => ({ id, summary: page.split('\n')[2] ?? '' }))
}

function sharesWord(id: string, name: string): boolean {
  const words = id.split(/[/-]/u)
  return name.split('-').some((word) => word.length > 3 && words.includes(word)) || id.includes(name)
}
