/**
 * Runs images without a container engine: the layers are unpacked into a folder, which a low-level runtime (crun, runc) or, where
 * there is none, `unshare` makes the root of a process. Linux and root only.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CancelOptions } from '../../../base/index.ts'
import type { Platform } from '../../../oci/index.ts'
import type { ContentCache, ImageReader } from '../../../store/index.ts'
import type { PlatformImage } from '../../platform-image.ts'
import { startJanitor } from '../../process/janitor.ts'
import { type Environment, runTool } from '../../process/run-tool.ts'
import { emulation, hostPlatform, runsNatively } from '../emulation.ts'
import type { Execution, PreparedImage, Runner } from '../runner.ts'
import { startInNamespaces } from './namespaces.ts'
import { holdingPorts } from './port-holders.ts'
import { type RootFolder, startInRuntime } from './runtime.ts'
import { runtimeCommand } from './runtime-command.ts'
import { unpackLayers } from './unpack-layers.ts'

export type RootFolderProgram = 'crun' | 'runc' | 'unshare'

/** The runner, when this machine can be one: Linux, root, and the program there. */
export async function rootFolderRunner(
  program: RootFolderProgram,
  { env, cache, signal }: CancelOptions & { env: Environment; cache: ContentCache },
): Promise<Runner | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  const { exitCode, stdout } = await runTool(program, ['--version'], { env, signal, timeout: 10_000 })
  if (exitCode !== 0) return undefined
  const version = /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? ''
  return new RootFolderRunner(program, version, { env, cache })
}

// $1 the folder, the rest: the command that deletes a container, none for `unshare`. What still runs in it is killed first; its state is in the folder too.
const cleaning = `
folder=$1; shift
rm -f "$folder"/*/config.json
for pid in "$folder"/*/pid; do
  [ -f "$pid" ] && pid=$(cat "$pid") && kill -KILL $(cat "/proc/$pid/task/$pid/children") "$pid"
done
for state in "$folder"/state/*; do
  [ -d "$state" ] && "$@" delete --force "\${state##*/}"
done
for round in 1 2 3 4 5; do rm -rf --one-file-system "$folder" && break; sleep 1; done
`

class RootFolderRunner implements Runner {
  readonly name: string
  readonly #program: RootFolderProgram
  readonly #settings: { env: Environment; cache: ContentCache }

  constructor(
    program: RootFolderProgram,
    version: string,
    settings: { env: Environment; cache: ContentCache },
  ) {
    this.name = `${program} ${version}`.trim()
    this.#program = program
    this.#settings = settings
  }

  async execution(platform: Platform): Promise<Execution> {
    return runsNatively(platform, hostPlatform()) ? { how: 'native' } : emulation(platform)
  }

  async prepare(
    reader: ImageReader,
    image: PlatformImage,
    { signal }: CancelOptions,
  ): Promise<PreparedImage> {
    const { env, cache } = this.#settings
    const temporary = await cache.temporaryFolder()
    const folder: RootFolder = { path: temporary.path, root: join(temporary.path, 'root'), image, env }
    const command = this.#program === 'unshare' ? [] : runtimeCommand(this.#program, temporary.path)
    const janitor = startJanitor(cleaning, [temporary.path, ...command], env)
    try {
      await mkdir(folder.root, 0o755)
      await mkdir(join(folder.path, 'state'))
      await unpackLayers(reader, image, folder.root, { signal })
    } catch (error) {
      await janitor.clean()
      throw error
    }
    const program = this.#program
    return {
      start: (request, options) =>
        holdingPorts(request.ports, options, () =>
          program === 'unshare'
            ? startInNamespaces(folder, request)
            : startInRuntime(program, folder, request),
        ),
      [Symbol.asyncDispose]: () => janitor.clean(),
    }
  }
}
