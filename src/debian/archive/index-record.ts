/** What is remembered of an index. */
import type { DebianCache } from '../ports.ts'
import { hasShape } from '../record-shape.ts'
import type { Validators } from './mirror.ts'

/** An index that was verified. */
export interface KnownIndex {
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

const shape = {
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
): Promise<KnownIndex | 'missing' | undefined> {
  const record = await cache.record(area, url)
  if (record === 'missing') return 'missing'
  return hasShape(record, shape) ? (record as KnownIndex) : undefined
}

export async function writeIndexRecord(
  cache: DebianCache,
  url: string,
  record: KnownIndex | 'missing',
): Promise<void> {
  await cache.setRecord(area, url, record)
}
