/** `docker buildx …` as a process: its output line by line, an orderly end on abort, and no end that it outlives. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { codeOf, messageOf, reasonOf, throwIfAborted } from '../../../base/index.ts'
import { BuildkitError } from '../buildkit-error.ts'

/** How the `docker` command is run: it finds engine, contexts, builders and credentials by these variables. */
export interface DockerCommand {
  env: Readonly<Record<string, string | undefined>>
  /** folder that relative paths in options are relative to */
  cwd: string
}

export interface BuildxRun {
  signal: AbortSignal
  onLine(stream: 'stdout' | 'stderr', line: string): void
  /** milliseconds after which the process is ended and the run counts as failed */
  timeout?: number
}

/** BuildKit is told to stop; a client that does not end within this many milliseconds is killed. */
const patience = 15_000
const windows = process.platform === 'win32'

/**
 * Runs `docker ARGS` to its end and resolves to its exit code. On abort the client gets SIGINT, which makes it cancel the
 * build in the builder; the abort's reason is thrown once it has ended. Throws `BuildkitError` `DOCKER_MISSING`.
 */
export async function runDocker(
  { env, cwd }: DockerCommand,
  args: readonly string[],
  { signal, onLine, timeout }: BuildxRun,
): Promise<number> {
  throwIfAborted(signal)
  // A group of its own: Ctrl-C of a terminal is for us, and the docker command is two processes, the second a plugin.
  const child = spawn('docker', args, {
    cwd,
    env: { ...env },
    detached: !windows,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const leash = holdOnLeash(child)
  let killer: NodeJS.Timeout | undefined
  const stop = () => {
    signalGroup(child, 'SIGINT')
    killer ??= setTimeout(() => signalGroup(child, 'SIGKILL'), patience)
  }
  signal.addEventListener('abort', stop, { once: true })
  const limit = timeout === undefined ? undefined : setTimeout(stop, timeout)
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[stream], crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) =>
      onLine(stream, line),
    )
  }
  try {
    const exitCode = await endOf(child)
    if (signal.aborted) throw reasonOf(signal)
    return exitCode
  } finally {
    clearTimeout(limit)
    clearTimeout(killer)
    signal.removeEventListener('abort', stop)
    leash?.kill('SIGKILL')
  }
}

export interface BuildxAnswer {
  exitCode: number
  stdout: string
  stderr: string
}

/** Runs a question that is answered within `timeout` milliseconds (30 s when absent) and a few lines. */
export async function askDocker(
  docker: DockerCommand,
  args: readonly string[],
  { signal, timeout = 30_000 }: { signal: AbortSignal; timeout?: number },
): Promise<BuildxAnswer> {
  const texts = { stdout: '', stderr: '' }
  const exitCode = await runDocker(docker, args, {
    signal,
    timeout,
    onLine: (stream, line) => {
      texts[stream] += `${line}\n`
    },
  })
  return { exitCode, ...texts }
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(error)))
    child.once('close', (code) => resolve(code ?? 1))
  })
}

function notStarted(error: unknown): BuildkitError {
  const missing = codeOf(error) === 'ENOENT'
  const text = missing
    ? 'the docker command is not installed'
    : `the docker command cannot be started: ${messageOf(error)}`
  return new BuildkitError('DOCKER_MISSING', text, {
    kind: 'environment',
    hint: 'install Docker with buildx (Debian, Ubuntu: apt-get install docker.io docker-buildx; others: Docker Desktop or docs.docker.com/engine/install), or build without it: --engine direct',
    cause: error,
  })
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (windows || child.pid === undefined) child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // it has ended by itself
  }
}

/** When this process is killed, the pipe to this shell breaks, and it stops the client: the builder would work on for nobody. */
function holdOnLeash({ pid }: ChildProcess): ChildProcess | undefined {
  if (windows || pid === undefined) return undefined
  const script = 'trap "" INT TERM HUP; read -r word; kill -s INT -- "-$1"; sleep 15; kill -s KILL -- "-$1"'
  const shell = spawn('sh', ['-c', script, 'leash', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  shell.unref()
  return shell
}
