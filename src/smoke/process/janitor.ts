/**
 * Cleaning that happens however we end. A small shell holds the other end of a pipe: it cleans when it is told to, and when
 * the pipe breaks because this process was killed. Normal ends and crashes take the same road, so that it is always trodden.
 */
import { spawn } from 'node:child_process'
import { type Environment, exitCodeOf } from './run-tool.ts'

export interface Janitor extends AsyncDisposable {
  /** Cleans now; safe to call twice. */
  clean(): Promise<void>
}

// After a crash, what was under way at that moment gets a second to become visible.
const wait = `trap '' INT TERM HUP; read -r word || sleep 1; exec 2>/dev/null >/dev/null`

/** Starts waiting. `script` is for a POSIX shell; `args` are its `$1`, `$2`… Nothing in it may depend on a terminal. */
export function startJanitor(script: string, args: readonly string[], env: Environment): Janitor {
  const child = spawn('sh', ['-c', `${wait}\n${script}`, 'janitor', ...args], {
    env: { ...env },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.on('error', () => {})
  const ended = exitCodeOf(child)
  const clean = async () => {
    if (child.stdin.writable) child.stdin.end('done\n')
    await ended
  }
  return { clean, [Symbol.asyncDispose]: clean }
}
