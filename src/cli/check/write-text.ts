import { writeFile } from 'node:fs/promises'
import { CodedError, messageOf } from '../../base/index.ts'

/** Writes a text file. Throws `CHECK_WRITE_FAILED`. */
export async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (cause) {
    throw new CodedError('CHECK_WRITE_FAILED', `${path} cannot be written: ${messageOf(cause)}`, {
      kind: 'environment',
      cause,
    })
  }
}
