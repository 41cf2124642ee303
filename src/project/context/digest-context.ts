/**
 * One digest over a context, cheap when nothing changed: the digest of a file is remembered together with the file's stamp
 * (size, times, inode), as git's index does it.
 */
import { createHash, hash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type CancelOptions, throwIfAborted } from '../../base/index.ts'
import { type Digest, isDigest } from '../../oci/index.ts'
import { ProjectError } from '../project-error.ts'
import type { DigestRecords } from './digest-records.ts'
import { type ContextEntry, type ContextFile, unreadable } from './walk-context.ts'

export interface DigestContextOptions extends CancelOptions {
  /** where digests are remembered from run to run; nowhere when absent */
  records?: DigestRecords
  /** the present, in milliseconds since 1970; the machine's when absent */
  now?: number
}

export interface ContextDigest {
  /** over paths, types, executable bits, link targets and contents; not over times, owners and other modes */
  digest: Digest
  /** path → digest of its content, for every file */
  files: ReadonlyMap<string, Digest>
}

/**
 * A file that changed this short a time ago may change again without its times showing it (the clock of file systems ticks
 * coarsely), so its digest is not remembered.
 */
const racyMilliseconds = 2000

/** Files that are read between two turns of the event loop: a few milliseconds. */
const sliceFiles = 50

/**
 * Digests the entries that `walkContext(root)` gave; reads only files whose stamp is not on record. Throws `ProjectError`
 * `CONTEXT_CHANGED` when a file is no longer what the walk saw, `CONTEXT_UNREADABLE` when it cannot be read.
 */
export async function digestContext(
  root: string,
  entries: readonly ContextEntry[],
  options: DigestContextOptions,
): Promise<ContextDigest> {
  const known = parseRecords(await options.records?.load(options))
  const files = new Map<string, Digest>()
  const remembered: ContextFile[] = []
  let read = 0
  for (const entry of entries) {
    if (entry.type !== 'file') continue
    const recorded = known.get(entry.path)
    if (recorded?.stamp === entry.stamp) {
      files.set(entry.path, recorded.digest)
      remembered.push(entry)
      continue
    }
    if (++read % sliceFiles === 0) await setImmediate()
    throwIfAborted(options.signal)
    files.set(entry.path, await digestFile(root, entry, options))
    if (isSettled(entry, options.now ?? Date.now())) remembered.push(entry)
  }
  if (read > 0 || known.size !== remembered.length) {
    await options.records?.save(formatRecords(remembered, files), options)
  }
  return { digest: digestOfEntries(entries, files), files }
}

function isSettled({ stamp }: ContextFile, now: number): boolean {
  const [, modified = 0, changed = 0] = stamp.split(':').map(Number)
  return Math.max(modified, changed) / 1e6 < now - racyMilliseconds
}

/** Up to this size a file is read in one call, which is several times faster than a stream. */
const smallBytes = 512 * 1024

async function digestFile(root: string, file: ContextFile, { signal }: CancelOptions): Promise<Digest> {
  const path = join(root, file.path)
  try {
    const { hex, size } =
      file.size <= smallBytes ? digestSmall(path) : await digestStream(createReadStream(path, { signal }))
    if (size !== file.size) throw changed(file.path)
    return `sha256:${hex}` as Digest
  } catch (cause) {
    throwIfAborted(signal)
    throw cause instanceof ProjectError ? cause : unreadable(file.path, cause)
  }
}

function digestSmall(path: string): { hex: string; size: number } {
  const bytes = readFileSync(path)
  return { hex: hash('sha256', bytes), size: bytes.byteLength }
}

async function digestStream(stream: AsyncIterable<Buffer>): Promise<{ hex: string; size: number }> {
  const sha256 = createHash('sha256')
  let size = 0
  for await (const chunk of stream) {
    sha256.update(chunk)
    size += chunk.byteLength
  }
  return { hex: sha256.digest('hex'), size }
}

/** A file is no longer what the walk over its context saw. */
export function changed(path: string): ProjectError {
  return new ProjectError('CONTEXT_CHANGED', `${path} changed while it was read`, {
    kind: 'environment',
    hint: 'run the command again when nothing writes into the project any more, or leave the file out with .dockerignore',
    details: { path },
    retryable: true,
  })
}

function digestOfEntries(entries: readonly ContextEntry[], files: ReadonlyMap<string, Digest>): Digest {
  const lines = entries.map((entry) => {
    if (entry.type === 'directory') return ['directory', entry.path]
    if (entry.type === 'symlink') return ['symlink', entry.path, entry.target]
    return ['file', entry.path, files.get(entry.path), entry.executable]
  })
  return `sha256:${hash('sha256', lines.map((line) => `${JSON.stringify(line)}\n`).join(''))}` as Digest
}

interface DigestRecord {
  stamp: string
  digest: Digest
}

const recordsVersion = 'everyarch-digests-1'

/** One line per file: stamp, digest, path. Faster to read than JSON, and a damaged line costs its own file only. */
function formatRecords(settled: readonly ContextFile[], files: ReadonlyMap<string, Digest>): string {
  const lines = settled
    .filter(({ path }) => !path.includes('\n'))
    .map(({ path, stamp }) => `${stamp} ${files.get(path)} ${path}`)
  return [recordsVersion, ...lines, ''].join('\n')
}

function parseRecords(text: string | undefined): Map<string, DigestRecord> {
  const records = new Map<string, DigestRecord>()
  const [version, ...lines] = text?.split('\n') ?? []
  if (version !== recordsVersion) return records
  for (const line of lines) {
    const stampEnd = line.indexOf(' ')
    const digestEnd = line.indexOf(' ', stampEnd + 1)
    const digest = line.slice(stampEnd + 1, digestEnd)
    if (stampEnd < 1 || !isDigest(digest)) continue
    records.set(line.slice(digestEnd + 1), { stamp: line.slice(0, stampEnd), digest })
  }
  return records
}
