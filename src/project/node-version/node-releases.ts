/**
 * Node's release lines (nodejs/Release, schedule.json; as of November 2026). From 27 on every major becomes LTS: one major
 * a year, released in April, LTS in October, thirty months of LTS.
 */

export interface NodeRelease {
  major: number
  /** first release; dates are `YYYY-MM-DD`, UTC */
  start: string
  /** start of long-term support; absent for lines that never got it */
  lts?: string
  /** end of life */
  end: string
  /** what `lts/<codename>` in .nvmrc means */
  codename?: string
}

const releases: readonly NodeRelease[] = [
  { major: 18, start: '2022-04-19', lts: '2022-10-25', end: '2025-04-30', codename: 'hydrogen' },
  { major: 19, start: '2022-10-18', end: '2023-06-01' },
  { major: 20, start: '2023-04-18', lts: '2023-10-24', end: '2026-04-30', codename: 'iron' },
  { major: 21, start: '2023-10-17', end: '2024-06-01' },
  { major: 22, start: '2024-04-24', lts: '2024-10-29', end: '2027-04-30', codename: 'jod' },
  { major: 23, start: '2024-10-16', end: '2025-06-01' },
  { major: 24, start: '2025-05-06', lts: '2025-10-28', end: '2028-04-30', codename: 'krypton' },
  { major: 25, start: '2025-10-15', end: '2026-06-01' },
  { major: 26, start: '2026-04-22', lts: '2026-10-28', end: '2029-04-30' },
  { major: 27, start: '2027-04-20', lts: '2027-10-26', end: '2030-04-30' },
]

/** Ended before the table begins. */
const endedBefore = releases[0] as NodeRelease

export type NodeSupport = 'lts' | 'current' | 'ended' | 'unreleased' | 'unknown'

/** How a major stands at a time. A major younger than the table is unknown, an older one has ended. */
export function supportOf(major: number, now: Date): NodeSupport {
  const release = releaseOf(major)
  if (!release) return major < endedBefore.major ? 'ended' : 'unknown'
  const today = now.toISOString().slice(0, 10)
  if (today < release.start) return 'unreleased'
  if (today >= release.end) return 'ended'
  return release.lts !== undefined && today >= release.lts ? 'lts' : 'current'
}

export function releaseOf(major: number): NodeRelease | undefined {
  return releases.find((release) => release.major === major)
}

/** Supported LTS lines, newest first; the first is what a project gets that asks for nothing. */
export function ltsReleases(now: Date): NodeRelease[] {
  return releases.filter(({ major }) => supportOf(major, now) === 'lts').reverse()
}

/** The newest line that is released, LTS or not. */
export function newestRelease(now: Date): NodeRelease | undefined {
  return releases.findLast((release) => ['lts', 'current'].includes(supportOf(release.major, now)))
}

/** The line that `lts/<codename>` names. */
export function releaseNamed(codename: string): NodeRelease | undefined {
  return releases.find((release) => release.codename === codename.toLowerCase())
}

/** Majors that a range may mean: all of the table and all that ended before it. */
export function knownMajors(): number[] {
  return Array.from({ length: (releases.at(-1)?.major ?? 0) + 1 }, (_, major) => major)
}
