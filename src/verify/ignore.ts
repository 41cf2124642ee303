/** Findings that the user accepts, by rule and path. Every entry's uses are counted, so that none outlives its reason unseen. */
import type { Finding } from '../base/index.ts'

export interface IgnoreEntry {
  /** a rule's id; `*` stands for any text, as in `image/foreign-*` */
  rule: string
  /** a path inside the image; `*` and `?` stay within one folder, `**` does not; absent: any place */
  path?: string
  /** `os/arch[/variant]`; absent: every platform */
  platform?: string
  reason?: string
}

export interface IgnoreUse extends IgnoreEntry {
  /** findings that it kept out */
  uses: number
}

/** Splits findings into those that remain and the uses of the entries. The first entry that fits is the one that is used. */
export function applyIgnore(
  findings: readonly Finding[],
  entries: readonly IgnoreEntry[],
): { remaining: Finding[]; ignored: IgnoreUse[] } {
  const matchers = entries.map((entry) => ({ matches: matcherOf(entry), use: { ...entry, uses: 0 } }))
  const remaining = findings.filter((finding) => {
    const found = matchers.find(({ matches }) => matches(finding))
    if (found) found.use.uses++
    return found === undefined
  })
  return { remaining, ignored: matchers.map(({ use }) => use) }
}

function matcherOf({ rule, path, platform }: IgnoreEntry): (finding: Finding) => boolean {
  const ruleGlob = globOf(rule)
  const pathGlob = path === undefined ? undefined : globOf(path.replace(/^\//, ''))
  return (finding) =>
    ruleGlob.test(finding.rule) &&
    (pathGlob === undefined || (finding.path !== undefined && pathGlob.test(finding.path))) &&
    (platform === undefined || platform === finding.platform)
}

function globOf(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|[*?]|[^\w]/g, (token) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    return token === '?' ? '[^/]' : `\\${token}`
  })
  return new RegExp(`^${source}$`, 's')
}
