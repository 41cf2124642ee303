/** What is remembered of an index: its verified text, by whom it was signed, and what the server calls this version of it. */
import { z } from 'zod'
import type { DebianCache } from '../ports.ts'

const schema = z.object({
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

export type IndexRecord = z.infer<typeof schema>

const area = 'debian-index'

/** The record of a URL, or undefined when there is none of today's shape. */
export async function readIndexRecord(cache: DebianCache, url: string): Promise<IndexRecord | undefined> {
  return schema.safeParse(await cache.record(area, url)).data
}

export async function writeIndexRecord(cache: DebianCache, url: string, record: IndexRecord): Promise<void> {
  await cache.setRecord(area, url, record)
}
