/** Folders that exist as long as somebody works in them. */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../base/index.ts'
import { onDisk } from './disk-failure.ts'

/** A folder that exists until it is disposed of. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
}

const abandonedAfter = 24 * 60 * 60 * 1000

/** Makes a folder of its own below `parent`, named after this process so that a later one can tell whether it was left. */
export async function temporaryFolder(
  parent: string,
  announce?: (path: string) => void,
): Promise<TemporaryFolder> {
  const path = join(parent, temporaryName())
  announce?.(path)
  await onDisk(`make ${path}`, () => mkdir(path, { recursive: true }))
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** A name that no other process and no other call of this one has. */
export function temporaryName(): string {
  return `everyarch-${process.pid}-${randomBytes(8).toString('hex')}`
}

/**
 * Removes what processes that no longer run left below `parent` more than a day ago. The age matters because a process that
 * cannot be seen from here (in another container) may share the folder.
 */
export async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const path = join(parent, name)
    const info = await stat(path).catch(() => undefined)
    if (!info || Date.now() - info.mtimeMs < abandonedAfter || isAlive(name)) continue
    await rm(path, { recursive: true, force: true })
  }
}

function isAlive(name: string): boolean {
  const pid = Number(/^everyarch-(\d+)-/.exec(name)?.[1])
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
