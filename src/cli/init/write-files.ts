/** Puts files into the project: what is there and differs is replaced only when somebody said so. */
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CancelOptions, messageOf, throwIfAborted } from '../../base/index.ts'
import { InitError } from './init-error.ts'

export interface PlannedFile {
  path: string
  text: string
  executable: boolean
  /** what is there now */
  before: string | undefined
}

export type FileState = 'new' | 'changed' | 'same' | 'kept'

export function isChange({ before, text }: PlannedFile): boolean {
  return before === undefined || before !== text
}

/** Appears complete or not at all. Throws `InitError` `INIT_WRITE_FAILED`. */
export async function writeProjectFile(
  root: string,
  { path, text, executable }: PlannedFile,
  { signal }: CancelOptions,
): Promise<void> {
  const target = join(root, path)
  const unfinished = `${target}.everyarch-${process.pid}`
  try {
    await mkdir(dirname(target), { recursive: true })
    throwIfAborted(signal)
    await writeFile(unfinished, text)
    if (executable) await chmod(unfinished, 0o755)
    await rename(unfinished, target)
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {})
    throwIfAborted(signal)
    throw new InitError('INIT_WRITE_FAILED', `${path} cannot be written: ${messageOf(cause)}`, {
      kind: 'environment',
      hint: 'is the folder writable, and is nothing else called like one of its parts?',
      details: { path },
      cause,
    })
  }
}
