/** One container of an engine: created, started attached, asked for its end. */
import type { CancelOptions } from '../../../base/index.ts'
import { formatPlatform } from '../../../oci/index.ts'
import type { PlatformImage } from '../../platform-image.ts'
import { startAttached } from '../../process/attached-process.ts'
import type { Janitor } from '../../process/janitor.ts'
import type { Address } from '../address.ts'
import { commandOf } from '../command-of.ts'
import type { Container, Ending, ExecOutcome, StartRequest } from '../runner.ts'
import type { EngineCommand } from './engine-command.ts'
import { type EnginePlace, publishedAddress, publishing } from './engine-place.ts'

export interface LoadedImage extends EnginePlace {
  id: string
  /** on every container, so that all of them are found again */
  label: string
  image: PlatformImage
  janitor: Janitor
}

/** Cleaning and asking go on when the run was aborted. */
const { signal: always } = new AbortController()
/** A container that the engine is making when the run is aborted has to be known before it can be removed. */
const grace = 10_000
const maxOutput = 4000

export async function startContainer(
  loaded: LoadedImage,
  request: StartRequest,
  { signal }: CancelOptions,
): Promise<Container> {
  const { command, janitor } = loaded
  commandOf(loaded.image, request)
  const onStart = janitor.watch
  const id = (await command.run(createArguments(loaded, request), { grace, onStart, signal })).trim()
  const remove = async () => {
    await command.tryRun(['rm', '--force', '--volumes', id], { signal: always })
  }
  const attached = startAttached(command.program, ['start', '--attach', id], { env: command.env })
  janitor.watch(attached.child)
  const ended = attached.exitCode.then((exitCode) => endingOf(command, id, exitCode, attached.log.lines))
  return {
    log: attached.log,
    ended,
    address: (port, options) => addressOf(loaded, id, port, options),
    signal: async (name) => {
      await command.tryRun(['kill', '--signal', name, id], { signal: always })
    },
    exec: (argv, options) => execIn(command, id, argv, options),
    async [Symbol.asyncDispose]() {
      await remove()
      attached.kill()
      await ended
    },
  }
}

function createArguments(
  loaded: LoadedImage,
  { argv, env, ports, readOnly, memory }: StartRequest,
): string[] {
  const { command, image, id, label, remote } = loaded
  const [program, ...args] = argv ?? []
  return [
    'create',
    '--pull=never',
    `--platform=${formatPlatform(image.platform)}`,
    `--label=${label}`,
    // The image's check is asked by us when it is asked for: engines differ in when and whether they do.
    '--no-healthcheck',
    // The same bound for memory and swap together: none is swapped.
    ...(memory === undefined ? [] : [`--memory=${memory}`, `--memory-swap=${memory}`]),
    ...(readOnly
      ? ['--read-only', ...(command.program === 'podman' ? ['--read-only-tmpfs=false'] : [])]
      : []),
    ...ports.map((port) => `--publish=${publishing(port, remote)}`),
    ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
    ...(program === undefined ? [] : [`--entrypoint=${program}`]),
    id,
    ...args,
  ]
}

/** How a container ended, as its engine remembers it; what its client said is the next best. */
export async function endingOf(
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
  loaded: LoadedImage,
  id: string,
  port: number,
  { signal }: CancelOptions,
): Promise<Address | undefined> {
  const text = await loaded.command.tryRun(['port', id, `${port}/tcp`], { signal })
  const published = /:(\d+)$/m.exec(text ?? '')?.[1]
  return published === undefined ? undefined : publishedAddress(Number(published), loaded)
}

async function execIn(
  command: EngineCommand,
  id: string,
  argv: readonly string[],
  { timeout, signal }: CancelOptions & { timeout: number },
): Promise<ExecOutcome> {
  const over = AbortSignal.timeout(timeout)
  const outcome = await command.outcome(['exec', id, ...argv], { timeout, signal })
  const output = `${outcome.stdout}${outcome.stderr}`.slice(-maxOutput)
  return { exitCode: over.aborted ? undefined : outcome.exitCode, output }
}
