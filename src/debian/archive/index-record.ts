/**
 * What is remembered of an index: its verified text, by whom it was signed, and what the server calls this version of it; or
 * that there was none.
 */
import { z } from 'zod'
import type { DebianCache } from '../ports.ts'

const known = z.object({
  /** the text that the signature covers */
  text: z.string(),
  /** sha256 of the whole document */
  digest: z.string(),
  /** fingerprint of the key */
  signedBy: z.string(),
  /** identity of the keyring that the document was verified with */
  keyring: z.string(),
  validators: z.object({ etag: z.string().optional(), lastModified: z.string().optional() }),
})

const schema = z.union([known, z.literal('missing')])

/** An index that was verified. */
export type KnownIndex = z.infer<typeof known>

const area = 'debian-index'

/** The record of a URL, or undefined when there is none of today's shape. */
export async function readIndexRecord(
  cache: DebianCache,
  url: string,
): Promise<KnownIndex | 'missing' | undefined> {
  return schema.safeParse(await cache.record(area, url)).data
}

export async function writeIndexRecord(
  cache: DebianCache,
  url: string,
  record: KnownIndex | 'missing',
): Promise<void> {
  await cache.setRecord(area, url, record)
}
