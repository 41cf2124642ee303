/**
 * Roots to work in: an image's layers in a folder, programs of which are run as its root user, natively or by an emulator, with
 * the runtime that tests without a container engine use.
 */
import type { RootSource, WorkRoot, WorkRoots } from '../../../addons/index.ts'
import { type CancelOptions, InternalError, throwIfAborted } from '../../../base/index.ts'
import type { ContentCache } from '../../../store/index.ts'
import type { Environment } from '../../process/run-tool.ts'
import { executionHere } from '../emulation.ts'
import type { Execution } from '../runner.ts'
import { type RootFolderProgram, rootFolderRunner, startIn, unpackedRoot } from './root-folder-runner.ts'

const programs: readonly RootFolderProgram[] = ['crun', 'runc', 'unshare']

/** Throws, when one is opened, `SmokeError`, `TarError`, the store's errors. */
export function workRoots(settings: { env: Environment; cache: ContentCache }): WorkRoots {
  const programHere = async ({ signal }: CancelOptions) => {
    for (const program of programs)
      if ('runner' in (await rootFolderRunner(program, { ...settings, signal }))) return program
    return undefined
  }
  return {
    async execution(platform, options) {
      if (!(await programHere(options))) return noProgram
      return executionHere(platform)
    },
    async open(source, options) {
      const program = await programHere(options)
      if (!program) throw new InternalError('a root was asked for where none can be made')
      return openRoot(program, source, settings, options)
    },
  }
}

const noProgram: Execution = {
  how: 'impossible',
  cause: {
    code: 'no-runtime',
    text: 'programs of another root can be run by root of a Linux machine only, with crun, runc or unshare',
    hint: 'run everyarch as root (in a container: with CAP_SYS_ADMIN)',
  },
}

async function openRoot(
  program: RootFolderProgram,
  { name, config, layers, blob }: RootSource,
  settings: { env: Environment; cache: ContentCache },
  { signal }: CancelOptions,
): Promise<WorkRoot> {
  const { Env } = config.config ?? {}
  // Work is done as root, whoever the image would be run as.
  const image = { layers, config: { ...config, config: { WorkingDir: '/', ...(Env ? { Env } : {}) } } }
  const folder = await unpackedRoot(program, { name, blob }, image, { ...settings, signal })
  return {
    path: folder.root,
    async run(command, env, options) {
      const argv = ['/bin/sh', '-e', '-c', command]
      await using container = await startIn(program, folder, { argv, env, ports: [], ownNetwork: false })
      const stop = () => void container[Symbol.asyncDispose]()
      options.signal.addEventListener('abort', stop, { once: true })
      const { exitCode, startFailure } = await container.ended
      options.signal.removeEventListener('abort', stop)
      throwIfAborted(options.signal)
      return { exitCode, lines: [...container.log.lines, ...(startFailure ? [startFailure] : [])] }
    },
    [Symbol.asyncDispose]: folder.janitor.clean,
  }
}
