/** Checksums that some servers publish beside what they serve. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CancelOptions, collect, throwIfAborted } from '../../../base/index.ts'
import type { HttpGet } from '../../../debian/index.ts'

const maxSumBytes = 1 << 20

/**
 * What is wrong with an archive that was downloaded into the folder, going by a `.sha256` beside its address or a list of
 * checksums in the same place; undefined when nothing is, or none is published.
 */
export async function wrongSum(
  address: string | undefined,
  folder: string,
  http: HttpGet,
  { signal }: CancelOptions,
): Promise<string | undefined> {
  const names: string[] = await readdir(folder).catch(() => [])
  const [archive] = names.filter((name) => name.endsWith('.tar.gz'))
  if (address === undefined || archive === undefined) return undefined
  const slash = address.lastIndexOf('/')
  const file = address.slice(slash + 1)
  for (const place of [`${address}.sha256`, `${address.slice(0, slash)}/SHASUMS256.txt`]) {
    const text = await textAt(place, http, signal)
    const expected = text && sumOf(text, file)
    if (!expected) continue
    const found = createHash('sha256')
      .update(await readFile(join(folder, archive)))
      .digest('hex')
    if (found === expected) return undefined
    return `${address} does not have the checksum that ${place} says (${expected.slice(0, 12)}…, found ${found.slice(0, 12)}…)`
  }
  return undefined
}

async function textAt(url: string, http: HttpGet, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { status, body } = await http(url, { headers: {}, signal })
    if (status === 200 && body) return new TextDecoder().decode(await collect(body, maxSumBytes, url))
    await body?.[Symbol.asyncIterator]().return?.()
  } catch {
    throwIfAborted(signal)
  }
  return undefined
}

/** A lone checksum, or the line of a list that names the file. */
export function sumOf(text: string, file: string): string | undefined {
  const lines = text.split('\n').map((line) => /^([0-9a-f]{64})(?:\s+\*?(\S+))?\s*$/i.exec(line))
  const line = lines.find((match) => match && (match[2] === undefined || match[2].endsWith(file)))
  return line?.[1]?.toLowerCase()
}
