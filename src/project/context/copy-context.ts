/**
 * A clean copy of a context. What a build sees of it depends on contents alone: modes and times are normalised, whatever
 * umask, checkout or editor made them.
 */
import { chmodSync, constants, copyFileSync, lutimesSync, mkdirSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type CancelOptions, codeOf, messageOf, throwIfAborted } from '../../base/index.ts'
import { ProjectError } from '../project-error.ts'
import { changed } from './digest-context.ts'
import { type ContextEntry, type ContextFile, stampOf, unreadable } from './walk-context.ts'

export interface CopyContextOptions extends CancelOptions {
  /** modification time that every copy gets, in seconds since 1970; 0 when absent */
  mtime?: number
}

/** Entries between two turns of the event loop: about 5 ms. */
const sliceEntries = 100

/**
 * Copies entries of `walkContext(from)` into the folder `to`, which is created and must not hold any of them: reflinks where
 * the file system can, modes 0644 and 0755 whatever the umask, one modification time. Throws `ProjectError` `CONTEXT_CHANGED`
 * when a file is no longer what the walk saw, `CONTEXT_UNREADABLE`, or `CONTEXT_COPY_FAILED` when `to` cannot be written.
 */
export async function copyContext(
  from: string,
  to: string,
  entries: readonly ContextEntry[],
  { signal, mtime = 0 }: CopyContextOptions,
): Promise<void> {
  const folders = ['', ...entries.filter(({ type }) => type === 'directory').map(({ path }) => path)]
  for (const folder of folders) {
    throwIfAborted(signal)
    writing(folder, () => makeFolder(join(to, folder)))
  }
  let copied = 0
  for (const entry of entries) {
    if (entry.type === 'directory') continue
    if (++copied % sliceEntries === 0) await setImmediate()
    throwIfAborted(signal)
    const target = join(to, entry.path)
    if (entry.type === 'file') copyFile(from, target, entry, mtime)
    else {
      writing(entry.path, () => {
        symlinkSync(entry.target, target)
        lutimesSync(target, mtime, mtime)
      })
    }
  }
  // Last, since each new child gave its folder a new time.
  for (const folder of folders) writing(folder, () => utimesSync(join(to, folder), mtime, mtime))
}

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o755)
}

function copyFile(from: string, target: string, file: ContextFile, mtime: number): void {
  const source = join(from, file.path)
  try {
    copyFileSync(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') throw changed(file.path)
    throw codeOf(cause) === 'EACCES' ? unreadable(file.path, cause) : copyFailed(file.path, cause)
  }
  if (stampOf(from, file.path) !== file.stamp) throw changed(file.path)
  writing(file.path, () => {
    chmodSync(target, file.executable ? 0o755 : 0o644)
    utimesSync(target, mtime, mtime)
  })
}

function writing(path: string, write: () => void): void {
  try {
    write()
  } catch (cause) {
    throw copyFailed(path, cause)
  }
}

function copyFailed(path: string, cause: unknown): ProjectError {
  return new ProjectError(
    'CONTEXT_COPY_FAILED',
    `cannot copy ${path || 'the project'}: ${messageOf(cause)}`,
    {
      kind: 'environment',
      details: { path },
      cause,
    },
  )
}
