import { closeSync, openSync, readSync } from 'node:fs'
import { isElf } from '../../../elf/index.ts'

/** Whether a file is an ELF object, told by its first bytes; false for a file that cannot be read. */
export function startsWithElf(path: string): boolean {
  const bytes = new Uint8Array(64)
  try {
    const file = openSync(path, 'r')
    try {
      return isElf(bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0)))
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
}
