/** What is remembered of an index. */
import type { DebianCache } from '../ports.ts'
import { hasShape } from '../record-shape.ts'
import type { Validators } from './mirror.ts'

/** An index that was verified. */
export interface KnownIndex {
  /** when the server last said that this is its index; milliseconds since 1970 */
  askedAt: number
  /** the text that the signature covers */
  text: string
  /** sha256 of the whole document */
  digest: string
  /** fingerprint of the key */
  signedBy: string
  /** identity of the keyring that the document was verified with */
  keyring: string
  /** what the server calls this version of it */
  validators: Validators
}

/** That a server had no such index. */
export interface MissingIndex {
  askedAt: number
  missing: true
}

const shape = {
  askedAt: 'number',
  text: 'string',
  digest: 'string',
  signedBy: 'string',
  keyring: 'string',
  validators: 'object',
} as const
const area = 'debian-index'

/** The index that was at a URL, that there was none, or undefined when nothing is known. */
export async function readIndexRecord(
  cache: DebianCache,
  url: string,
): Promise<KnownIndex | MissingIndex | undefined> {
  const record = await cache.record(area, url)
  if (isMissing(record)) return record
  return hasShape(record, shape) ? (record as KnownIndex) : undefined
}

export function isMissing(record: unknown): record is MissingIndex {
  return hasShape(record, { askedAt: 'number' }) && (record as Partial<MissingIndex>).missing === true
}

export async function writeIndexRecord(
  cache: DebianCache,
  url: string,
  record: KnownIndex | MissingIndex,
): Promise<void> {
  await cache.setRecord(area, url, record)
}
