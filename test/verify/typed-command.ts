/** `everyarch` as it is typed in a folder, with none of this process's environment, and images for it to read. */
import { join } from 'node:path'
import type { CommandContext } from '../../src/cli/context.ts'
import { runProgram } from '../../src/cli/program.ts'
import { parseImageLocation } from '../../src/oci/index.ts'
import { copyImage, type ImageReader, openStores, openWriter } from '../../src/store/index.ts'
import { signal } from './image.ts'

export interface TypedResult {
  exit: number
  stdout: string
  stderr: string
}

/** Paths among `args` are relative to `folder`, where the cache is too. */
export async function typed(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<TypedResult> {
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => void (written[name] += text),
    columns: 100,
    interactive: false,
    colour: false,
  })
  const context: CommandContext = {
    env: { EVERYARCH_CACHE_DIR: join(folder, 'cache'), HOME: folder, ...env },
    cwd: folder,
    signal,
    stdout: output('stdout'),
    stderr: output('stderr'),
    elapsed: () => 0,
  }
  return { exit: await runProgram(args, context), ...written }
}

/** Copies an image to a place, such as `oci:/tmp/image:1`; resolves to the place. */
export async function putImage(image: ImageReader, place: string): Promise<string> {
  const stores = openStores({})
  const writer = await openWriter(parseImageLocation(place), stores, { signal })
  await copyImage(image, writer, { signal })
  await writer.close()
  await stores.close()
  return place
}
