/** A package in memory, as unpacking would give it. */
import { fromBytes } from '../../../base/index.ts'
import type { PackageFile, UnpackedPackage } from '../../../npm/index.ts'

export function packed(contents: Record<string, string | Uint8Array>): UnpackedPackage {
  const files = Object.entries(contents).map(([path, content]): PackageFile => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    return { path, type: 'file', mode: 0o644, size: bytes.byteLength, content: fromBytes(bytes) }
  })
  return {
    files,
    file: (path) => files.find((file) => file.path === path),
    async [Symbol.asyncDispose]() {},
  }
}
