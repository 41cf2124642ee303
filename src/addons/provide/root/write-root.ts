/** Writes a root file system into a folder of this machine, for compilers to look into; nothing in it is run from here. */
import { createWriteStream } from 'node:fs'
import { link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type CancelOptions, collect } from '../../../base/index.ts'
import type { LayerEntry } from '../../../tar/index.ts'

/** Above this size a file is written as a stream. */
const writtenAtOnce = 4 << 20

/**
 * Writes the entries, which come with folders first. Absolute links are made relative, so that they lead to where they would
 * inside; owners are left out, and everything can be read and removed by whoever writes it.
 */
export async function writeRoot(
  entries: AsyncIterable<LayerEntry>,
  folder: string,
  { signal }: CancelOptions,
): Promise<void> {
  for await (const entry of entries) {
    const path = join(folder, entry.path)
    switch (entry.type) {
      case 'directory':
        await mkdir(path, { recursive: true })
        break
      case 'symlink':
        await symlink(inside(entry), path)
        break
      case 'hardlink':
        await link(join(folder, entry.linkPath ?? ''), path)
        break
      case 'file':
        await writeContent(entry, path, signal)
        break
      default: // devices and pipes: nobody compiles against them
    }
  }
}

function inside({ path, linkPath = '' }: LayerEntry): string {
  if (!linkPath.startsWith('/')) return linkPath
  return posix.relative(posix.dirname(path), linkPath.slice(1)) || '.'
}

async function writeContent(entry: LayerEntry, path: string, signal: AbortSignal): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const mode = (entry.mode & 0o777) | 0o600
  const content = entry.content?.({ signal })
  if (!content) await writeFile(path, '', { mode })
  else if (entry.size > writtenAtOnce)
    await pipeline(Readable.from(content), createWriteStream(path, { mode }), { signal })
  else await writeFile(path, await collect(content, entry.size, entry.path), { mode })
}
