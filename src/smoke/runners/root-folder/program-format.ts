/**
 * What the kernel makes of a program. `unshare` hands a file that the kernel refuses to a shell, as interactive shells do; a
 * container engine does not, so that such an image would pass here and fail everywhere else.
 */
import { open } from 'node:fs/promises'
import { posix } from 'node:path'
import { architectureOf, isElf } from '../../../elf/index.ts'
import { pathInside } from './path-inside.ts'
import type { ProcessSettings } from './process-settings.ts'

const headBytes = 20

/**
 * Whether the program is a file, may be executed, and is neither a script with a `#!` line nor an ELF file for a processor that
 * any platform has.
 */
export async function isRefusedByKernel(
  root: string,
  { argv: [program = ''], env, cwd }: ProcessSettings,
): Promise<boolean> {
  const folders = program.includes('/') ? [''] : (env.PATH ?? '').split(':')
  for (const folder of folders) {
    const path = await pathInside(root, posix.resolve(cwd, folder, program))
    const start = path === undefined ? undefined : await startOfExecutable(path)
    if (start !== undefined) return !isScript(start) && !isForAnyPlatform(start)
  }
  return false
}

function isScript(start: Uint8Array): boolean {
  return start[0] === 0x23 && start[1] === 0x21
}

/** An ELF header says class and byte order in bytes 4 and 5, the machine in bytes 18 and 19 (System V ABI, chapter 4). */
function isForAnyPlatform(start: Uint8Array): boolean {
  if (!isElf(start) || start.byteLength < headBytes) return false
  const little = start[5] === 1
  const machine = new DataView(start.buffer, start.byteOffset).getUint16(18, little)
  return architectureOf(machine, start[4] === 2, little) !== undefined
}

async function startOfExecutable(path: string): Promise<Uint8Array | undefined> {
  const file = await open(path).catch(() => undefined)
  if (!file) return undefined
  try {
    const info = await file.stat()
    if (!info.isFile() || (info.mode & 0o111) === 0) return undefined
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
