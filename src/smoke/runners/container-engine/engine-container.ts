/** One container of an engine: created, started attached, asked for its end. */
import type { CancelOptions } from '../../../base/index.ts'
import { formatPlatform } from '../../../oci/index.ts'
import type { PlatformImage } from '../../platform-image.ts'
import { startAttached } from '../../process/attached-process.ts'
import type { Address, Container, Ending, StartRequest } from '../runner.ts'
import type { EnginePlace } from './container-engine.ts'
import type { EngineCommand } from './engine-command.ts'

export interface LoadedImage extends EnginePlace {
  id: string
  /** on every container, so that all of them are found again */
  label: string
  image: PlatformImage
}

/** Cleaning and asking go on when the run was aborted. */
const { signal: always } = new AbortController()

export async function startContainer(
  loaded: LoadedImage,
  request: StartRequest,
  { signal }: CancelOptions,
): Promise<Container> {
  const { command } = loaded
  const id = (await command.run(createArguments(loaded, request), { signal })).trim()
  const remove = async () => {
    await command.tryRun(['rm', '--force', '--volumes', id], { signal: always })
  }
  const attached = startAttached(command.program, ['start', '--attach', id], { env: command.env })
  const ended = attached.exitCode.then((exitCode) => endingOf(command, id, exitCode, attached.log.lines))
  return {
    log: attached.log,
    ended,
    address: (port, options) => addressOf(loaded, id, port, options),
    signal: async (name) => {
      await command.tryRun(['kill', '--signal', name, id], { signal: always })
    },
    kill: remove,
    async [Symbol.asyncDispose]() {
      await remove()
      attached.kill()
      await ended
    },
  }
}

function createArguments(loaded: LoadedImage, { argv, env, ports }: StartRequest): string[] {
  const { image, id, label, host } = loaded
  const publish = host === undefined ? (port: number) => `127.0.0.1::${port}` : (port: number) => `${port}`
  const [program, ...args] = argv ?? []
  return [
    'create',
    '--pull=never',
    `--platform=${formatPlatform(image.platform)}`,
    `--label=${label}`,
    ...ports.map((port) => `--publish=${publish(port)}`),
    ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
    ...(program === undefined ? [] : [`--entrypoint=${program}`]),
    id,
    ...args,
  ]
}

async function endingOf(
  command: EngineCommand,
  id: string,
  exitCode: number,
  log: readonly string[],
): Promise<Ending> {
  const format = '{{.State.ExitCode}} {{.State.OOMKilled}} {{.State.Status}} {{.State.Error}}'
  const state = await command.tryRun(['inspect', '--format', format, id], { signal: always })
  const [, code, memory, status, error = ''] = /^(\d+) (true|false) (\w+) ?([^]*)$/.exec(state ?? '') ?? []
  if (code === undefined) return { exitCode, outOfMemory: false }
  const refused = error !== '' || status === 'created'
  const why = error || log.at(-1)
  return {
    exitCode: Number(code),
    outOfMemory: memory === 'true',
    ...(refused && why ? { startFailure: why } : {}),
  }
}

async function addressOf(
  { command, host }: LoadedImage,
  id: string,
  port: number,
  { signal }: CancelOptions,
): Promise<Address | undefined> {
  const text = await command.tryRun(['port', id, `${port}/tcp`], { signal })
  const published = /:(\d+)$/m.exec(text ?? '')?.[1]
  return published === undefined ? undefined : { host: host ?? '127.0.0.1', port: Number(published) }
}
