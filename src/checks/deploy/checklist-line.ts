/** One line of the checklist. */
export type LineState = 'done' | 'not done' | 'unknown'

const titles = {
  emulators: 'native runners, or QEMU where a build needs it',
  builder: 'a builder that can make every platform',
  workflow: 'the pipeline builds every platform',
  platforms: 'the image has every platform',
  addons: 'binaries and addons fit their platform',
  cache: 'each platform has a complete build cache',
  smoke: 'each platform was started before the tag moved',
} as const

export interface ChecklistLine {
  readonly id: keyof typeof titles
  readonly title: string
  readonly state: LineState
  /** what the state was told by, the worst first */
  readonly evidence: readonly string[]
  /** what to do when it is not done */
  readonly hint?: string
}

export interface Verdict {
  readonly state: LineState
  readonly evidence: string
}

/** The line that several verdicts make: done when all are; without any, it is not known, and `none` says why. */
export function judged(
  id: ChecklistLine['id'],
  verdicts: readonly Verdict[],
  { none, hint }: { none: string; hint?: string },
): ChecklistLine {
  const order: readonly LineState[] = ['not done', 'unknown', 'done']
  const state =
    order.find((candidate) => verdicts.some((verdict) => verdict.state === candidate)) ?? 'unknown'
  const sorted = order.flatMap((candidate) => verdicts.filter((verdict) => verdict.state === candidate))
  const evidence = [...new Set(sorted.map((verdict) => verdict.evidence))]
  return {
    id,
    title: titles[id],
    state,
    evidence: verdicts.length > 0 ? evidence : [none],
    ...(state !== 'done' && verdicts.length > 0 && hint ? { hint } : {}),
  }
}
