/** Reads whole archives for tests. */
import { expect } from 'vitest'
import { collect } from '../../base/index.ts'
import type { TarEntry } from '../entry.ts'
import { type ReadTarOptions, readTar } from '../read/read-tar.ts'
import { inChunks } from './raw-archive.ts'

export const { signal } = new AbortController()

export type ReadArchiveOptions = Partial<ReadTarOptions> & { chunk?: number }

export type ReadEntry = Omit<TarEntry, 'body'> & { content: string }

/** The entries of an archive, with their content as Latin-1 text. */
export async function readArchive(
  bytes: Uint8Array,
  { chunk = 1000, ...options }: ReadArchiveOptions = {},
): Promise<ReadEntry[]> {
  const entries: ReadEntry[] = []
  for await (const { body, ...entry } of readTar(inChunks(bytes, chunk), { signal, paths: 'report', ...options })) {
    entries.push({ ...entry, content: Buffer.from(await collect(body, 1 << 24, 'body')).toString('latin1') })
  }
  return entries
}

/** What reading the archive throws; its entries when it throws nothing. */
export async function readingError(bytes: Uint8Array, options: ReadArchiveOptions = {}): Promise<unknown> {
  return await readArchive(bytes, options).catch((error: unknown) => error)
}

/** An error with this code whose message matches. */
export function coded(code: string, message = /./): unknown {
  return expect.objectContaining({ code, message: expect.stringMatching(message) as string })
}
