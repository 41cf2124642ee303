/** One writer at a time: a lock file that processes make and remove around a short change. */
import { open, rm, stat } from 'node:fs/promises'
import { type CancelOptions, codeOf, sleep } from '../../base/index.ts'
import { onDisk } from '../disk-failure.ts'
import { StoreError } from '../store-error.ts'

/** Milliseconds. Changes under the lock take a few; who holds it for longer was killed. */
const abandonedAfter = 60_000
const patience = 90_000

/** Runs `action` while nobody else holds `lockFile`. Throws `StoreError` `STORE_OCCUPIED` when it never becomes free. */
export async function withLock<T>(
  lockFile: string,
  { signal }: CancelOptions,
  action: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + patience
  while (!(await acquire(lockFile))) {
    if (Date.now() > deadline) {
      throw new StoreError('STORE_OCCUPIED', `another process does not release ${lockFile}`, {
        kind: 'environment',
        hint: 'wait for it to end; if there is none, remove the file',
      })
    }
    await sleep(25 + Math.random() * 50, { signal })
  }
  try {
    return await action()
  } finally {
    await rm(lockFile, { force: true })
  }
}

async function acquire(lockFile: string): Promise<boolean> {
  return onDisk(`lock ${lockFile}`, async () => {
    try {
      await (await open(lockFile, 'wx')).close()
      return true
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    const info = await stat(lockFile).catch(() => undefined)
    if (info && Date.now() - info.mtimeMs > abandonedAfter) await rm(lockFile, { force: true })
    return false
  })
}
