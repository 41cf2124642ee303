/**
 * Puts one platform's image into an engine, without a name, and takes it out again with every container that was made of it,
 * whatever happens: an image that the engine had before stays.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { CancelOptions } from '../../../base/index.ts'
import { copyImage, type ImageReader, openStores, openWriter } from '../../../store/index.ts'
import { imageName, type PlatformImage } from '../../platform-image.ts'
import { startJanitor } from '../../process/janitor.ts'
import { SmokeError } from '../../smoke-error.ts'
import type { PreparedImage } from '../runner.ts'
import type { EnginePlace } from './container-engine.ts'
import { startContainer } from './engine-container.ts'

const runLabel = 'dev.everyarch.smoke'

// $1 the engine's command, $2 the label, the rest: image IDs that were not there before.
const cleaning = `
engine=$1 label=$2; shift 2
for round in 1 2 3; do
  containers=$("$engine" ps --all --quiet --filter "label=$label")
  [ -z "$containers" ] || "$engine" rm --force --volumes $containers
  left=
  for image in "$@"; do
    if "$engine" image inspect "$image"; then "$engine" image rm "$image" || left=yes; fi
  done
  [ -n "$left" ] || [ "$word" != done -a $round = 1 ] || break
  sleep 1
done
`

export async function loadImage(
  reader: ImageReader,
  image: PlatformImage,
  place: EnginePlace,
  { signal }: CancelOptions,
): Promise<PreparedImage> {
  const { command } = place
  const label = `${runLabel}=${randomBytes(8).toString('hex')}`
  // Docker's containerd store and podman go by the manifest or the configuration; whichever the engine takes is found out.
  const ids = [image.manifest.descriptor.digest, image.configDescriptor.digest]
  const isThere = async (id: string) =>
    (await command.tryRun(['image', 'inspect', '--format', '{{.Id}}', id], { signal })) !== undefined
  const before = await Promise.all(ids.map(isThere))
  const added = before.includes(true) ? [] : ids
  const janitor = startJanitor(cleaning, [command.program, label, ...added], command.env)
  try {
    if (added.length > 0) await load(reader, image, place, { signal })
    const after = await Promise.all(ids.map(isThere))
    const id = ids.find((_, index) => after[index])
    if (!id) {
      throw new SmokeError(
        'ENGINE_REFUSED',
        `${command.program} loaded ${imageName(reader, image)} and does not have it`,
        {
          kind: 'environment',
          hint: 'choose another runner with --runner',
        },
      )
    }
    return {
      start: (request, options) => startContainer({ id, label, image, ...place }, request, options),
      [Symbol.asyncDispose]: () => janitor.clean(),
    }
  } catch (error) {
    await janitor.clean()
    throw error
  }
}

async function load(
  reader: ImageReader,
  image: PlatformImage,
  { command, cache }: EnginePlace,
  { signal }: CancelOptions,
): Promise<void> {
  await using folder = await cache.temporaryFolder()
  const path = join(folder.path, 'image.tar')
  await writeArchive(reader, image, path, { signal })
  // From standard input: should this process be killed, the engine sees the archive end too early and keeps nothing of it.
  await command.run(['load', '--quiet'], { inputFile: path, signal })
}

async function writeArchive(
  reader: ImageReader,
  image: PlatformImage,
  path: string,
  { signal }: CancelOptions,
): Promise<void> {
  const stores = openStores({ hostPlatform: image.platform })
  const writer = await openWriter({ transport: 'docker-archive', path }, stores, { signal })
  try {
    const single: ImageReader = {
      name: reader.name,
      root: image.manifest,
      manifest: (descriptor, options) => reader.manifest(descriptor, options),
      blob: (descriptor) => reader.blob(descriptor),
      referrers: async () => [],
      close: async () => {},
    }
    await copyImage(single, writer, { signal })
  } finally {
    await writer.close()
    await stores.close()
  }
}
