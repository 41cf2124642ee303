/** Runs a service of a compose file as the image under test, with what it depends on beside it. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CancelOptions } from '../../../base/index.ts'
import { startAttached } from '../../process/attached-process.ts'
import { guardedFolder } from '../../process/guarded-folder.ts'
import { startJanitor } from '../../process/janitor.ts'
import type { Environment } from '../../process/run-tool.ts'
import { Turns } from '../../process/turns.ts'
import { SmokeError } from '../../smoke-error.ts'
import type { ComposeRequest, Ending, Run } from '../runner.ts'
import { type ComposeModel, composeModelFor, singularPart } from './compose-model.ts'
import { endingOf, type LoadedImage } from './engine-container.ts'

const { signal: always } = new AbortController()

// $1 the engine's command, $2 the project, $3 the folder. By label, as every compose marks what it makes.
const cleaning = `
of() { "$engine" "$@" --quiet --filter "label=com.docker.compose.project=$project"; }
clean() {
  engine=$1 project=$2 left=
  rm -rf "$3"
  found=$(of ps --all);    [ -z "$found" ] || "$engine" rm --force --volumes $found || left=yes
  found=$(of network ls);  [ -z "$found" ] || "$engine" network rm $found || left=yes
  found=$(of volume ls);   [ -z "$found" ] || "$engine" volume rm --force $found || left=yes
  found=$(of image ls);    [ -z "$found" ] || "$engine" image rm --force $found || left=yes
  [ -z "$left" ]
}
`

/**
 * Starts it; what it depends on is started first, by compose, and everything is removed when the run is disposed of. Throws
 * `SmokeError` `INVALID_PROBE`.
 */
export async function runComposeService(
  loaded: LoadedImage,
  request: ComposeRequest,
  { signal }: CancelOptions,
): Promise<Run> {
  const read = await readModel(loaded, request, { signal })
  const singular = singularPart(read)
  if (singular === undefined) return runProject(loaded, request, read)
  const turns = turnsOf(loaded.command.env)
  const waits = turns.taken
  const release = await turns.take({ signal })
  try {
    const run = await runProject(loaded, request, read)
    if (waits) run.log.writer().write(`everyarch: started after another platform, as ${singular}\n`)
    return {
      ...run,
      async [Symbol.asyncDispose]() {
        try {
          await run[Symbol.asyncDispose]()
        } finally {
          release()
        }
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

/** By engine: another one has networks of its own. */
const turnsByEngine = new Map<string, Turns>()

function turnsOf({ DOCKER_HOST, DOCKER_CONTEXT }: Environment): Turns {
  const engine = DOCKER_HOST || DOCKER_CONTEXT || ''
  const turns = turnsByEngine.get(engine) ?? new Turns()
  turnsByEngine.set(engine, turns)
  return turns
}

async function runProject(loaded: LoadedImage, request: ComposeRequest, read: ComposeModel): Promise<Run> {
  const { command, cache, image, id } = loaded
  const project = `everyarch-${randomBytes(6).toString('hex')}`
  const model = composeModelFor(read, { request, image, id, project })
  const { path, janitor } = await guardedFolder(cache, (folder) =>
    startJanitor(cleaning, [command.program, project, folder], command.env),
  )
  const file = join(path, 'compose.json')
  await writeFile(file, JSON.stringify(model))
  const container = `${project}-tested`
  const compose = ['compose', '--project-name', project, '--file', file]
  const attached = startAttached(
    command.program,
    [...compose, 'run', '--name', container, '--no-TTY', '--use-aliases', '--quiet-pull', request.service],
    { env: command.env },
  )
  janitor.watch(attached.child)
  const { log } = attached
  const ended = attached.exitCode.then(async (exitCode): Promise<Ending> => {
    const ending = await endingOf(command, container, exitCode, log.lines)
    if (exitCode !== 0) await addLogs(loaded, compose, log.writer())
    return ending
  })
  return {
    log,
    ended,
    async [Symbol.asyncDispose]() {
      attached.kill()
      await ended
      await janitor.clean()
    },
  }
}

/** The file as compose understands it: variables, `extends`, `include`, `.env` and relative paths resolved. */
async function readModel(
  { command }: LoadedImage,
  { file }: ComposeRequest,
  { signal }: CancelOptions,
): Promise<ComposeModel> {
  const args = ['compose', '--file', file, '--profile', '*', 'config', '--format', 'json']
  const { exitCode, stdout, stderr } = await command.outcome(args, { signal })
  if (exitCode === 0) return JSON.parse(stdout) as ComposeModel
  const said = stderr.trim().split('\n').at(-1) ?? ''
  throw new SmokeError('INVALID_PROBE', `compose cannot read ${file}: ${said}`, {
    kind: 'usage',
    hint: `try it: ${command.program} compose --file ${file} config`,
  })
}

/** What the services beside it wrote: a test that fails may have failed for them. */
async function addLogs(
  { command }: LoadedImage,
  compose: readonly string[],
  writer: { write(text: string): void; end(): void },
): Promise<void> {
  const args = [...compose, 'logs', '--no-color', '--tail', '20']
  const { stdout } = await command.outcome(args, { timeout: 20_000, signal: always })
  writer.write(stdout)
  writer.end()
}
