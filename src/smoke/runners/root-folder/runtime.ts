/** A container of crun or runc, which understand the same words. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CancelOptions } from '../../../base/index.ts'
import { startAttached } from '../../process/attached-process.ts'
import { runTool, type ToolOutcome } from '../../process/run-tool.ts'
import type { Container, Ending } from '../runner.ts'
import { bundleConfig } from './bundle-config.ts'
import { addressIn } from './network.ts'
import { processSettings } from './process-settings.ts'
import type { FolderRequest, RootFolder } from './root-folder.ts'
import { runtimeCommand } from './runtime-command.ts'

/** Cleaning goes on when the run was aborted. */
const { signal: always } = new AbortController()
const maxOutput = 4000

export async function startInRuntime(
  program: 'crun' | 'runc',
  { path, root, image, env, janitor, groups }: RootFolder,
  request: FolderRequest,
): Promise<Container> {
  const id = `everyarch-${randomBytes(6).toString('hex')}`
  const bundle = join(path, id)
  const pidFile = join(bundle, 'pid')
  await mkdir(bundle)
  const group = await groups.make(request.memory)
  // With version 2 of control groups, runc's own are beside ours, not within.
  const bound = program === 'runc' && group.isBounded ? request.memory : undefined
  const config = bundleConfig(await processSettings(image, request, root), root, request, bound)
  await writeFile(join(bundle, 'config.json'), JSON.stringify(config))
  const [tool = program, ...words] = [...group.entering, ...runtimeCommand(program, path)]
  const running = ['run', '--bundle', bundle, '--pid-file', pidFile, id]
  const attached = startAttached(tool, [...words, ...running], { env })
  janitor.watch(attached.child)
  const ended = attached.exitCode.then(async (exitCode) => ({
    ...endingOf(program, exitCode, attached.log.lines),
    outOfMemory: await group.ranOut(exitCode),
  }))
  const tell = (
    args: readonly string[],
    options: CancelOptions & { timeout?: number },
  ): Promise<ToolOutcome> => runTool(tool, [...words, ...args], { env, ...options })
  const remove = () => tell(['delete', '--force', id], { signal: always })
  const pid = async () => Number(await readFile(pidFile, 'utf8').catch(() => '')) || undefined
  return {
    log: attached.log,
    ended,
    async address(port) {
      if (!request.ownNetwork) return addressIn(undefined, port, env)
      const first = await pid()
      return first === undefined ? undefined : addressIn(first, port, env)
    },
    async signal(name) {
      await tell(['kill', id, name], { signal: always })
    },
    async exec(argv, options) {
      const over = AbortSignal.timeout(options.timeout)
      const { exitCode, stdout, stderr } = await tell(['exec', id, ...argv], options)
      return { exitCode: over.aborted ? undefined : exitCode, output: `${stdout}${stderr}`.slice(-maxOutput) }
    },
    async [Symbol.asyncDispose]() {
      await remove()
      // One that had not been made yet when it was removed.
      attached.kill()
      await ended
      await remove()
      await group.remove()
    },
  }
}

/** A runtime that cannot start the program says so in its own last words, in the container's place. */
function endingOf(program: string, exitCode: number, log: readonly string[]): Omit<Ending, 'outOfMemory'> {
  const refusal = exitCode === 0 ? undefined : log.at(-1)
  const isRefusal =
    refusal !== undefined &&
    (/^\S*Z: |^\d{4}-\d\d-\d\dT\S+ ?: /.test(refusal) ||
      /^(?:exec(?: container process)? [`/]|runc run failed|time=\S+ level=error)/.test(refusal))
  return { exitCode, ...(isRefusal ? { startFailure: `${program}: ${refusal}` } : {}) }
}
