/** A container of crun or runc, which understand the same words. */
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlatformImage } from '../../platform-image.ts'
import { startAttached } from '../../process/attached-process.ts'
import { type Environment, runTool } from '../../process/run-tool.ts'
import type { Container, Ending, StartRequest } from '../runner.ts'
import { bundleConfig } from './bundle-config.ts'
import { processSettings } from './process-settings.ts'
import { runtimeCommand } from './runtime-command.ts'

export interface RootFolder {
  /** holds everything of this image: root, bundles, state of the runtime */
  path: string
  root: string
  image: PlatformImage
  env: Environment
}

/** Cleaning goes on when the run was aborted. */
const { signal: always } = new AbortController()

export async function startInRuntime(
  program: 'crun' | 'runc',
  { path, root, image, env }: RootFolder,
  request: StartRequest,
): Promise<Container> {
  const id = `everyarch-${randomBytes(6).toString('hex')}`
  const bundle = join(path, id)
  await mkdir(bundle)
  const config = bundleConfig(await processSettings(image, request, root), root)
  await writeFile(join(bundle, 'config.json'), JSON.stringify(config))
  const [tool, ...words] = runtimeCommand(program, path)
  const attached = startAttached(tool, [...words, 'run', '--bundle', bundle, id], { env })
  const ended = attached.exitCode.then((exitCode) => endingOf(program, exitCode, attached.log.lines))
  const tell = async (...args: string[]) => {
    await runTool(tool, [...words, ...args], { env, signal: always })
  }
  const remove = () => tell('delete', '--force', id)
  return {
    log: attached.log,
    ended,
    address: async (port) => ({ host: '127.0.0.1', port }),
    signal: (name) => tell('kill', id, name),
    kill: remove,
    async [Symbol.asyncDispose]() {
      await remove()
      // One that had not been made yet when it was removed.
      attached.kill()
      await ended
      await remove()
    },
  }
}

/** A runtime that cannot start the program says so in its own last words, in the container's place. */
function endingOf(program: string, exitCode: number, log: readonly string[]): Ending {
  const refusal = exitCode === 0 ? undefined : log.at(-1)
  const isRefusal =
    refusal !== undefined &&
    (/^\S*Z: |^\d{4}-\d\d-\d\dT\S+ ?: /.test(refusal) ||
      /^(?:exec(?: container process)? [`/]|runc run failed|time=\S+ level=error)/.test(refusal))
  return { exitCode, outOfMemory: false, ...(isRefusal ? { startFailure: `${program}: ${refusal}` } : {}) }
}
