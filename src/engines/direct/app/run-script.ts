/**
 * Runs a package script as npm would (PATH with node_modules/.bin, npm_* variables), without npm: the shell is the only
 * process between us and the user's program. Ctrl-C ends the whole process group.
 */
import { spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { reasonOf } from '../../../base/index.ts'
import { DirectError } from '../direct-error.ts'

export interface ScriptRun {
  /** npm's name for it: `build`, `prebuild`, `postinstall` */
  event: string
  command: string
  /** absolute path of the package's folder inside the build folder */
  folder: string
  /** absolute path of the build folder */
  root: string
  packageName: string
  packageVersion: string
  env: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
  onLine(stream: 'stdout' | 'stderr', line: string): void
}

/** Lines of a failed script that the error repeats. */
const keptLines = 40
/** A group that ignores SIGTERM is killed after this many milliseconds. */
const patience = 5000

/** Throws `DirectError` `BUILD_FAILED` with the script's last lines when it does not exit with 0. */
export async function runScript(run: ScriptRun): Promise<void> {
  const tail: string[] = []
  const windows = process.platform === 'win32'
  const child = spawn(run.command, {
    cwd: run.folder,
    env: scriptEnv(run),
    shell: true,
    detached: !windows,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = (signal: NodeJS.Signals) => {
    try {
      if (windows || child.pid === undefined) child.kill(signal)
      else process.kill(-child.pid, signal)
    } catch {
      // the group has ended by itself
    }
  }
  let killer: NodeJS.Timeout | undefined
  const onAbort = () => {
    stop('SIGTERM')
    killer = setTimeout(() => stop('SIGKILL'), patience)
  }
  run.signal.addEventListener('abort', onAbort, { once: true })
  for (const name of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[name], crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      tail.push(line)
      if (tail.length > keptLines) tail.shift()
      run.onLine(name, line)
    })
  }
  try {
    const exit = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve(signal ?? code ?? 1))
    })
    if (run.signal.aborted) throw reasonOf(run.signal)
    if (exit !== 0) throw scriptFailed(run, exit, tail)
  } finally {
    clearTimeout(killer)
    run.signal.removeEventListener('abort', onAbort)
  }
}

function scriptEnv(run: ScriptRun): NodeJS.ProcessEnv {
  const folders = [run.folder]
  for (let folder = run.folder; folder !== run.root && folder.startsWith(run.root); ) {
    folder = dirname(folder)
    folders.push(folder)
  }
  const bins = folders.map((folder) => join(folder, 'node_modules', '.bin'))
  return {
    ...run.env,
    PATH: [...bins, dirname(process.execPath), run.env.PATH ?? ''].join(delimiter),
    INIT_CWD: run.root,
    npm_lifecycle_event: run.event,
    npm_lifecycle_script: run.command,
    npm_package_name: run.packageName,
    npm_package_version: run.packageVersion,
    npm_package_json: join(run.folder, 'package.json'),
    npm_node_execpath: process.execPath,
    NODE: process.execPath,
  }
}

function scriptFailed(run: ScriptRun, exit: number | NodeJS.Signals, tail: readonly string[]): DirectError {
  const how = typeof exit === 'number' ? `exit code ${exit}` : `ended by ${exit}`
  const output = tail.map((line) => `| ${line}`)
  const advice =
    exit === 127
      ? ['a program was not found: is it in dependencies or devDependencies?']
      : [
          'it ran in a clean copy of the folder without what .dockerignore names: does it need a file that is left out?',
        ]
  return new DirectError('BUILD_FAILED', `${run.event} script failed (${how}): ${run.command}`, {
    kind: 'gate',
    hint: [...output, ...advice].join('\n'),
    details: { event: run.event, command: run.command, exit, output: tail },
  })
}
