/** The files of a test on disk: the folder that a real loader or engine sees. */
import { chmod, link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Files } from './image.ts'

/** Writes them below `folder`, in their order. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, member] of Object.entries(files)) {
    const place = join(folder, path)
    await mkdir(dirname(place), { recursive: true })
    if (typeof member === 'string' || member instanceof Uint8Array) await writeFile(place, member)
    else if ('symlink' in member) await symlink(member.symlink, place)
    else if ('hardlink' in member) await link(join(folder, member.hardlink), place)
    else if ('directory' in member) await mkdir(place, { recursive: true })
    else {
      await writeFile(place, member.content)
      await chmod(place, member.mode)
    }
  }
}
