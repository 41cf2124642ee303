/**
 * Runs images without a container engine: the layers are unpacked into a folder, which a low-level runtime (crun, runc) or, where
 * there is none, `unshare` makes the root of a process. Linux and root only.
 */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type CancelOptions, codeOf } from '../../../base/index.ts'
import type { Platform } from '../../../oci/index.ts'
import type { ContentCache, ImageReader } from '../../../store/index.ts'
import type { PlatformImage } from '../../platform-image.ts'
import { guardedFolder } from '../../process/guarded-folder.ts'
import { startJanitor } from '../../process/janitor.ts'
import { type Environment, runTool } from '../../process/run-tool.ts'
import { executionHere } from '../emulation.ts'
import type { Container, Execution, Found, PreparedImage, Runner, StartRequest } from '../runner.ts'
import { startInNamespaces } from './namespaces.ts'
import { MemoryGroups } from './memory-group.ts'
import { holdingPorts } from './port-holders.ts'
import type { FolderRequest, RootFolder, RootImage } from './root-folder.ts'
import { startInRuntime } from './runtime.ts'
import { runtimeCommand } from './runtime-command.ts'
import { unpackLayers } from './unpack-layers.ts'

export type RootFolderProgram = 'crun' | 'runc' | 'unshare'

/** The runner, when this machine can be one: Linux, root, and the program there. */
export async function rootFolderRunner(
  program: RootFolderProgram,
  { env, cache, signal }: CancelOptions & { env: Environment; cache: ContentCache },
): Promise<Found<Runner>> {
  if (process.platform !== 'linux') return { why: 'this is no Linux' }
  if (process.getuid?.() !== 0) return { why: 'it needs root' }
  const { exitCode, stdout } = await runTool(program, ['--version'], { env, signal, timeout: 10_000 })
  if (exitCode !== 0) return { why: `${program} is not on the PATH` }
  const version = /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? ''
  return { runner: new RootFolderRunner(program, version, { env, cache }) }
}

// A container's groups are below a folder of our name.
const cleaningGroups = `
ungroup() {
  for group in "$1"-*; do
    find "$group" -depth -type d -exec rmdir {} ";"
    [ ! -d "$group" ] || return 1
  done
}
`

// $1 the folder, $2 how groups begin, the rest: the command that deletes a container. Its state is in the folder too.
const cleaningRuntime = `${cleaningGroups}
clean() {
  folder=$1 groups=$2; shift 2
  rm -f "$folder"/*/config.json
  for state in "$folder"/state/*; do
    [ -d "$state" ] && "$@" delete --force "\${state##*/}"
  done
  busy || rm -rf --one-file-system "$folder"
  ungroup "$groups" && [ ! -e "$folder" ]
}
`

// $1 the folder, $2 how groups begin. What is watched are calls of unshare, each with one child: the first process of a container.
const cleaningNamespaces = `${cleaningGroups}
clean() {
  for pid in $watched; do kill -KILL $(cat "/proc/$pid/task/$pid/children") "$pid"; done
  busy || rm -rf --one-file-system "$1"
  ungroup "$2" && [ ! -e "$1" ]
}
`

class RootFolderRunner implements Runner {
  readonly name: string
  readonly composes = false
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
    return executionHere(platform)
  }

  async prepare(
    reader: ImageReader,
    image: PlatformImage,
    { signal }: CancelOptions,
  ): Promise<PreparedImage> {
    const program = this.#program
    const folder = await unpackedRoot(program, reader, image, { ...this.#settings, signal })
    return {
      sharesNetwork: true,
      start: (request, options) => startWithPorts(program, folder, request, options),
      [Symbol.asyncDispose]: folder.janitor.clean,
    }
  }
}

/** The image's layers in a folder that a janitor guards. Throws what `unpackLayers` throws, and leaves nothing then. */
export async function unpackedRoot(
  program: RootFolderProgram,
  reader: Pick<ImageReader, 'name' | 'blob'>,
  image: RootImage,
  { env, cache, signal }: CancelOptions & { env: Environment; cache: ContentCache },
): Promise<RootFolder> {
  const groups = new MemoryGroups(`everyarch-${randomBytes(6).toString('hex')}`)
  const { path, janitor } = await guardedFolder(cache, (announced) => {
    const places = [announced, groups.prefix]
    return program === 'unshare'
      ? startJanitor(cleaningNamespaces, places, env)
      : startJanitor(cleaningRuntime, [...places, ...runtimeCommand(program, announced)], env)
  })
  const folder: RootFolder = { path, root: join(path, 'root'), image, env, janitor, groups }
  try {
    await mkdir(folder.root, 0o755)
    await mkdir(join(path, 'state'))
    await unpackLayers(reader, image, folder.root, { signal })
  } catch (error) {
    await janitor.clean()
    throw error
  }
  return folder
}

export function startIn(
  program: RootFolderProgram,
  folder: RootFolder,
  request: FolderRequest,
): Promise<Container> {
  return program === 'unshare' ? startInNamespaces(folder, request) : startInRuntime(program, folder, request)
}

/** In the machine's network; where a port is taken there, in one of its own, with a word about it in the log. */
async function startWithPorts(
  program: RootFolderProgram,
  folder: RootFolder,
  request: StartRequest,
  options: CancelOptions,
): Promise<Container> {
  try {
    if (request.ownNetwork) return await startAlone(program, folder, request)
    const start = () => startIn(program, folder, { ...request, ownNetwork: false })
    // The image's own command may listen to anything, asked for or not; another one does its work and ends.
    const listens = request.argv === undefined || request.ports.length > 0
    return listens ? await holdingPorts(request.ports, options, start) : await start()
  } catch (error) {
    if (codeOf(error) !== 'PORT_IN_USE') throw error
    return startAlone(program, folder, request)
  }
}

async function startAlone(
  program: RootFolderProgram,
  folder: RootFolder,
  request: StartRequest,
): Promise<Container> {
  const container = await startIn(program, folder, { ...request, ownNetwork: true })
  const writer = container.log.writer()
  writer.write('everyarch: a port is in use on this machine: started in a network of its own\n')
  return container
}
