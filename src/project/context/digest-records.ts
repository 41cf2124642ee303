/** The memory of `digestContext`: a small port, and the file behind it. */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CancelOptions } from '../../base/index.ts'

/** Where digests of unchanged files are remembered. The text is opaque; losing it costs time only. */
export interface DigestRecords {
  load(options: CancelOptions): Promise<string | undefined>
  save(text: string, options: CancelOptions): Promise<void>
}

/**
 * Records kept in one file, replaced atomically. What cannot be read or written counts as forgotten: a read-only or
 * full cache folder must not end a build.
 */
export function digestRecordsFile(path: string): DigestRecords {
  return {
    load: ({ signal }) => readFile(path, { encoding: 'utf8', signal }).catch(() => undefined),
    async save(text, { signal }) {
      const temporary = `${path}.${randomUUID()}`
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(temporary, text, { signal })
        await rename(temporary, path)
      } catch {
        await rm(temporary, { force: true }).catch(() => {})
      }
    },
  }
}
