/**
 * The signed index of a suite: asked for when the last answer is too old, verified when it changed, remembered for runs without
 * network. What was remembered counts only while the same keys are trusted.
 */
import { isDeepStrictEqual } from 'node:util'
import { type CancelOptions, collect, type Finding, throwIfAborted } from '../../base/index.ts'
import { digestOf } from '../../oci/index.ts'
import { DebianError } from '../debian-error.ts'
import type { DebianPorts } from '../ports.ts'
import type { Archive } from './archive.ts'
import { isMissing, type KnownIndex, readIndexRecord, writeIndexRecord } from './index-record.ts'
import { type Keyring, loadKeyring } from './keyring.ts'
import { displayUrl, type Fetched, type Mirror } from './mirror.ts'
import { checkRelease, isExpired, parseRelease, type Release } from './release.ts'
import { verifyClearSigned } from './signature.ts'

/** A suite whose index was verified. */
export interface VerifiedRelease {
  archive: Archive
  release: Release
  /** sha256 of the index */
  digest: string
  /** fingerprint of the key that signed it */
  signedBy: string
}

export interface ReleaseAccess {
  ports: DebianPorts
  mirror: Mirror
  /** milliseconds for which an answer of the mirror counts */
  indexMaxAge: number
  report: (finding: Finding) => void
}

/** Larger indexes are refused: the largest real one has 200 kB. */
const maxIndexBytes = 8 * 1024 * 1024

/**
 * The verified index of an archive, or undefined where the mirror has no such suite. An answer that is young enough is not asked
 * for again, unless the index has expired since; without an answer from the mirror the
 * index of an earlier run is used, with a finding. Throws `DebianError`.
 */
export async function fetchRelease(
  archive: Archive,
  { ports, mirror, indexMaxAge, report }: ReleaseAccess,
  options: CancelOptions,
): Promise<VerifiedRelease | undefined> {
  const url = `${archive.uri}/dists/${archive.suite}/InRelease`
  const what = displayUrl(url)
  const now = ports.now()
  const keyring = await loadKeyring(archive.trust, ports.hostRoot)
  const record = await readIndexRecord(ports.cache, what)
  const known = record && !isMissing(record) && record.keyring === keyring.id ? record : undefined
  const age = record ? now.getTime() - record.askedAt : -1
  // An answer from the future was noted by a clock that was wrong. A folder is looked at again, it costs nothing.
  const isYoung = age >= 0 && age < indexMaxAge && !url.startsWith('file:')
  const toRelease = ({ text, digest, signedBy }: KnownIndex): VerifiedRelease => {
    return { archive, release: parseRelease(text, what), digest, signedBy }
  }
  if (isYoung && isMissing(record)) return undefined
  if (isYoung && known) {
    const remembered = toRelease(known)
    if (!isExpired(remembered.release, now)) return remembered
  }
  let current: KnownIndex | undefined
  try {
    const fetched = await mirror.fetch(url, { ...options, ...(known ? { known: known.validators } : {}) })
    if (fetched.state === 'missing') {
      await writeIndexRecord(ports.cache, what, { askedAt: now.getTime(), missing: true })
      return undefined
    }
    current = fetched.state === 'fresh' ? await verify(fetched, keyring, known, { now, what }) : known
  } catch (error) {
    throwIfAborted(options.signal)
    if (!(error instanceof DebianError) || error.code !== 'DEBIAN_MIRROR_FAILED') throw error
    if (isMissing(record)) return undefined
    if (!known) throw error
    const remembered = toRelease(known)
    report(staleIndex(remembered, what, error, now))
    return remembered
  }
  if (!current) throw new DebianError('DEBIAN_MIRROR_FAILED', `${what} was not sent`, { kind: 'environment' })
  const verified = newer(toRelease(current), known && toRelease(known))
  checkRelease(verified.release, archive, { now, what })
  // Kept only now: an index that may not be used must not stand in for a good one later.
  if (verified.digest === current.digest && (current !== known || indexMaxAge > 0))
    await writeIndexRecord(ports.cache, what, { ...current, askedAt: now.getTime() })
  return verified
}

/** Verifies a document that arrived, unless it is the one that is known. */
async function verify(
  { body, validators }: Extract<Fetched, { state: 'fresh' }>,
  keyring: Keyring,
  known: KnownIndex | undefined,
  { now, what }: { now: Date; what: string },
): Promise<KnownIndex> {
  const bytes = await collect(body, maxIndexBytes, what)
  const digest = digestOf(bytes)
  if (known?.digest === digest)
    return isDeepStrictEqual(known.validators, validators) ? known : { ...known, validators }
  const signed = await verifyClearSigned(new TextDecoder().decode(bytes), keyring, { now, what })
  return { ...signed, askedAt: now.getTime(), digest, keyring: keyring.id, validators }
}

/** A mirror that is behind the one that answered last, or an attacker's old copy, takes nothing back. */
function newer(current: VerifiedRelease, known: VerifiedRelease | undefined): VerifiedRelease {
  return known && known.release.date > current.release.date ? known : current
}

function staleIndex({ release }: VerifiedRelease, what: string, error: DebianError, now: Date): Finding {
  const age = `the index of ${release.date.toISOString().slice(0, 10)}`
  const state = isExpired(release, now) ? `${age}, which has expired` : age
  return {
    rule: 'base/stale-debian-index',
    severity: 'warning',
    message: `${what} could not be asked for: ${state}, is used`,
    hint: 'newer versions of packages, security updates among them, are not seen until the mirror answers again',
    details: { reason: error.message, date: release.date.toISOString() },
  }
}
