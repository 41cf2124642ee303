/** apt's configuration (apt.conf(5)): as much of it as says which checks of an index the administrator has turned off. */
import { aptBoolean } from './apt-sources.ts'

/** What apt checks of an index's dates, for sources that do not say otherwise. */
export interface AptChecks {
  checkValidUntil: boolean
  checkDate: boolean
}

/** The checks that configuration texts leave on, in the order in which apt reads them. */
export function aptChecks(texts: readonly string[]): AptChecks {
  const settings = new Map<string, string>()
  for (const text of texts) readSettings(text, settings)
  return {
    checkValidUntil: aptBoolean(settings.get('acquire::check-valid-until')) ?? true,
    checkDate: aptBoolean(settings.get('acquire::check-date')) ?? true,
  }
}

const tokens = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|#[^\n]*|"((?:[^"\\]|\\.)*)"|[{};]|[^\s{};"]+/g

/**
 * Collects `Name "value";` and `Name { Inner "value"; };` as `name::inner`, lower case. What does not parse is skipped: apt
 * is the one to complain.
 */
function readSettings(text: string, settings: Map<string, string>): void {
  const scopes: string[] = []
  let statement: string[] = []
  const assign = () => {
    const [name, value] = statement
    if (name !== undefined && value !== undefined)
      settings.set([...scopes, name].join('::').toLowerCase(), value)
    statement = []
  }
  for (const match of text.matchAll(tokens)) {
    const token = match[0]
    if (token === '{') {
      scopes.push(statement[0] ?? '')
      statement = []
    } else if (token === '}') {
      assign()
      scopes.pop()
    } else if (token === ';') assign()
    else if (!/^(\/\*|\/\/|#)/.test(token)) statement.push(match[1] ?? token)
  }
}
