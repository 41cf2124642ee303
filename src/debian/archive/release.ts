/** The index of a suite: what `InRelease` says, and whether it may be used (Debian repository format, "Release files"). */
import { parseStanzas, type Stanza, words } from '../control/stanza.ts'
import { DebianError } from '../debian-error.ts'
import type { Archive } from './archive.ts'

export interface Release {
  origin: string
  suite: string
  codename: string
  /** of the distribution, such as `12.15`; empty for suites without one */
  version: string
  /** when the index was made */
  date: Date
  validUntil?: Date
  acquireByHash: boolean
  architectures: readonly string[]
  /** packages for `all` are in an index of their own, not in that of each architecture */
  separateAll: boolean
  /** the files of component `main` by path below `dists/SUITE/` */
  files: ReadonlyMap<string, ListedFile>
}

export interface ListedFile {
  /** hexadecimal */
  sha256: string
  /** bytes */
  size: number
}

/** Reads the text of a release file. Throws `DebianError` `DEBIAN_INDEX_MALFORMED`. */
export function parseRelease(text: string, what: string): Release {
  const malformed = (why: string) =>
    new DebianError('DEBIAN_INDEX_MALFORMED', `${what}: ${why}`, { kind: 'environment' })
  const [stanza] = parseStanzas(text, malformed)
  if (!stanza) throw malformed('is empty')
  const date = dateOf(stanza, 'date', malformed)
  const validUntil = dateOf(stanza, 'valid-until', malformed)
  if (!date) throw malformed('has no date')
  const architectures = words(stanza.get('architectures'))
  return {
    origin: stanza.get('origin') ?? '',
    suite: stanza.get('suite') ?? '',
    codename: stanza.get('codename') ?? '',
    version: stanza.get('version') ?? '',
    date,
    ...(validUntil ? { validUntil } : {}),
    acquireByHash: stanza.get('acquire-by-hash') === 'yes',
    architectures,
    separateAll:
      architectures.includes('all') && stanza.get('no-support-for-architecture-all') !== 'Packages',
    files: listedFiles(stanza, malformed),
  }
}

function dateOf(stanza: Stanza, field: string, malformed: (why: string) => DebianError): Date | undefined {
  const value = stanza.get(field)
  if (value === undefined) return undefined
  const date = new Date(value)
  if (Number.isNaN(date.getTime())) throw malformed(`${field} ${JSON.stringify(value)} is no date`)
  return date
}

function listedFiles(stanza: Stanza, malformed: (why: string) => DebianError): Map<string, ListedFile> {
  const value = stanza.get('sha256')
  if (value === undefined) throw malformed('lists no SHA256 checksums')
  const files = new Map<string, ListedFile>()
  for (const line of value.split('\n')) {
    const match = /^\s*([0-9a-f]{64})\s+(\d+)\s+(main\/binary-\S+)\s*$/.exec(line)
    if (match) files.set(match[3] as string, { sha256: match[1] as string, size: Number(match[2]) })
  }
  return files
}

/** How far the clocks of host and mirror may differ. */
const clockTolerance = 60 * 60 * 1000

/**
 * Whether an index is of the suite that was asked for, and neither expired nor from the future. Throws `DebianError`
 * `DEBIAN_INDEX_MALFORMED` or `DEBIAN_INDEX_EXPIRED`.
 */
export function checkRelease(
  release: Release,
  archive: Archive,
  { now, what }: { now: Date; what: string },
): void {
  if (release.codename !== archive.suite && release.suite !== archive.suite) {
    const found = [release.codename, release.suite].filter(Boolean).join(' or ') || 'a suite without a name'
    throw new DebianError('DEBIAN_INDEX_MALFORMED', `${what} is the index of ${found}`, {
      kind: 'environment',
      hint: 'the mirror serves another suite under this name: name another mirror with --debian-mirror',
    })
  }
  if (archive.checkDate && release.date.getTime() > now.getTime() + clockTolerance)
    throw expired(
      `${what} was made in the future, on ${release.date.toISOString()}`,
      "set this machine's clock",
    )
  if (archive.checkValidUntil && isExpired(release, now)) {
    throw expired(
      `${what} expired on ${release.validUntil?.toISOString()}`,
      'the mirror is out of date, or somebody withholds updates: name another mirror with --debian-mirror',
    )
  }
}

export function isExpired(release: Release, now: Date): boolean {
  return release.validUntil !== undefined && release.validUntil < now
}

function expired(message: string, hint: string): DebianError {
  return new DebianError('DEBIAN_INDEX_EXPIRED', message, { kind: 'environment', hint, retryable: true })
}
