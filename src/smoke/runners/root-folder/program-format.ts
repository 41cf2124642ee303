/**
 * What the kernel makes of a program. `unshare` hands a file that the kernel refuses to a shell, as interactive shells do; a
 * container engine does not, so that such an image would pass here and fail everywhere else.
 */
import { open } from 'node:fs/promises'
import { posix } from 'node:path'
import { pathInside } from './path-inside.ts'
import type { ProcessSettings } from './process-settings.ts'

/** Whether the program is a file, may be executed, and is neither an ELF file nor a script with a `#!` line. */
export async function isRefusedByKernel(
  root: string,
  { argv: [program = ''], env, cwd }: ProcessSettings,
): Promise<boolean> {
  const folders = program.includes('/') ? [''] : (env.PATH ?? '').split(':')
  for (const folder of folders) {
    const path = await pathInside(root, posix.resolve(cwd, folder, program))
    const start = path === undefined ? undefined : await startOfExecutable(path)
    if (start !== undefined) return start !== '\x7fELF' && !start.startsWith('#!')
  }
  return false
}

async function startOfExecutable(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined)
  if (!file) return undefined
  try {
    const info = await file.stat()
    if (!info.isFile() || (info.mode & 0o111) === 0) return undefined
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await file.close()
  }
}
