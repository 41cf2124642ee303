/** SARIF of a command that has rules: each rule with its page. */
import type { Severity } from '../base/index.ts'
import { rulePage, ruleSummaries } from '../checks/index.ts'
import { type PlacedFinding, sarifText } from '../report/index.ts'
import { version } from './version.ts'

/** The log of a run of `everyarch COMMAND`. */
export async function sarifOf(
  findings: readonly PlacedFinding[],
  command: string,
  rules: readonly { id: string; severity: Severity }[],
): Promise<string> {
  const summaries = new Map((await ruleSummaries()).map(({ id, summary }) => [id, summary]))
  const described = await Promise.all(
    rules.map(async ({ id, severity }) => ({
      id,
      severity,
      summary: summaries.get(id) ?? '',
      page: await rulePage(id),
    })),
  )
  return sarifText(findings, { version, command, rules: described })
}
