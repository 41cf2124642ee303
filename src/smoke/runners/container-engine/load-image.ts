/**
 * Puts one platform's image into an engine, without a name, and takes it out again with every container that was made of it,
 * whatever happens: an image that the engine had before stays.
 */
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CancelOptions } from '../../../base/index.ts'
import { copyImage, type ImageReader, openStores, openWriter } from '../../../store/index.ts'
import { imageName, type PlatformImage } from '../../platform-image.ts'
import { guardedFolder } from '../../process/guarded-folder.ts'
import { type Janitor, startJanitor } from '../../process/janitor.ts'
import { SmokeError } from '../../smoke-error.ts'
import type { PreparedImage } from '../runner.ts'
import { runComposeService } from './compose-service.ts'
import type { EngineCommand } from './engine-command.ts'
import { type LoadedImage, startContainer } from './engine-container.ts'
import type { EnginePlace } from './engine-place.ts'

const runLabel = 'dev.everyarch.smoke'

// $1 the engine's command, $2 the label, $3 the folder of the archive, the rest: image IDs that were not there before.
const cleaning = `
clean() {
  engine=$1 label=$2 left=
  rm -rf "$3"; shift 3
  containers=$("$engine" ps --all --quiet --filter "label=$label")
  [ -z "$containers" ] || "$engine" rm --force --volumes $containers || left=yes
  for image in "$@"; do
    if "$engine" image inspect "$image"; then "$engine" image rm "$image" || left=yes; fi
  done
  [ -z "$left" ]
}
`

interface Loading extends EnginePlace {
  composes: boolean
}

export async function loadImage(
  reader: ImageReader,
  image: PlatformImage,
  { composes, ...place }: Loading,
  { signal }: CancelOptions,
): Promise<PreparedImage> {
  const { command, cache } = place
  const label = `${runLabel}=${randomBytes(8).toString('hex')}`
  // Docker's containerd store and podman go by the manifest or the configuration; whichever the engine takes is found out.
  const ids = [image.manifest.descriptor.digest, image.configDescriptor.digest]
  const before = await presentId(command, ids, { signal })
  const added = before === undefined ? ids : []
  const { path: folder, janitor } = await guardedFolder(cache, (path) =>
    startJanitor(cleaning, [command.program, label, path, ...added], command.env),
  )
  try {
    if (before === undefined) await load(reader, image, { command, folder, janitor }, { signal })
    const id = before ?? (await presentId(command, ids, { signal }))
    if (id === undefined) throw refused(command.program, imageName(reader, image))
    const loaded: LoadedImage = { id, label, image, janitor, ...place }
    return {
      sharesNetwork: false,
      start: (request, options) => startContainer(loaded, request, options),
      ...(composes ? { compose: (request, options) => runComposeService(loaded, request, options) } : {}),
      [Symbol.asyncDispose]: janitor.clean,
    }
  } catch (error) {
    await janitor.clean()
    throw error
  }
}

async function presentId(
  command: EngineCommand,
  ids: readonly string[],
  { signal }: CancelOptions,
): Promise<string | undefined> {
  for (const id of ids) {
    if ((await command.tryRun(['image', 'inspect', '--format', '{{.Id}}', id], { signal })) !== undefined)
      return id
  }
  return undefined
}

function refused(program: string, name: string): SmokeError {
  return new SmokeError('ENGINE_REFUSED', `${program} loaded ${name} and does not have it`, {
    kind: 'environment',
    hint: 'choose another runner with --runner',
  })
}

/** The archive goes as soon as it is read: what the engine made of it is enough. */
async function load(
  reader: ImageReader,
  image: PlatformImage,
  { command, folder, janitor }: { command: EngineCommand; folder: string; janitor: Janitor },
  { signal }: CancelOptions,
): Promise<void> {
  const path = join(folder, 'image.tar')
  await writeArchive(reader, image, path, { signal })
  // From standard input: should this process be killed, the engine sees the archive end too early and keeps nothing of it.
  await command.run(['load', '--quiet'], { inputFile: path, grace: 10_000, onStart: janitor.watch, signal })
  await rm(path)
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
