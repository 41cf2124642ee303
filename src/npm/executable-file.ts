/** What npm does to a file that a `.bin` link points at: mode 755, and LF at the end of its `#!` line. */
import { collect, fromBytes } from '../base/index.ts'
import type { PackageFile } from './unpack-package.ts'

/** npm looks for the line's end this far. */
const headBytes = 2048
const windowsHashbang = /^#![^\n]+\r\n/

/** The file as npm leaves it. */
export async function executableFile(file: PackageFile, signal: AbortSignal): Promise<PackageFile> {
  if (file.type !== 'file') return file
  const executable = { ...file, mode: 0o755 }
  if (!windowsHashbang.test(await headOf(file, signal))) return executable
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    await collect(file.content({ signal }), file.size, file.path),
  )
  const bytes = new TextEncoder().encode(text.replace(/^(#![^\n]+)\r\n/, '$1\n'))
  return { ...executable, size: bytes.byteLength, content: fromBytes(bytes) }
}

async function headOf(file: PackageFile, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of file.content({ signal })) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size >= headBytes) break
  }
  return Buffer.concat(chunks).toString('latin1', 0, headBytes)
}
