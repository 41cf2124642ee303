/**
 * Cleaning that happens however we end. A small shell holds the other end of a pipe: it cleans when it is told to, and when
 * the pipe breaks because this process was killed. Normal ends and crashes take the same road, so that it is always trodden.
 *
 * Programs that were under way when we were killed live on, as they are not of our process group; what they are about to make
 * would come after the cleaning. So the janitor is told of each, and cleans until none of them is left.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { type Environment, exitCodeOf } from './run-tool.ts'

export interface Janitor extends AsyncDisposable {
  /** From now until it has ended, cleaning waits for this process. */
  watch(child: ChildProcess): void
  /** Cleans now; safe to call twice. */
  clean(): Promise<void>
}

// `watched`: the processes that were under way when we were killed, a blank before and behind each.
const waiting = `
trap '' INT TERM HUP
word=killed watched=' '
while read -r verb pid; do
  case "$verb $watched" in
    done*) word=done; break ;;
    watch*) watched="$watched$pid " ;;
    *" $pid "*) watched="\${watched%% $pid *} \${watched#* $pid }" ;;
  esac
done
exec 2>/dev/null >/dev/null
# Whether one of them still runs.
busy() { for pid in $watched; do kill -0 "$pid" && return; done; return 1; }
# Ends them, each with its children: whoever waits for us has waited long enough.
end() { for pid in $watched; do kill -KILL -- "-$pid"; done; }
# Cleans, and again as long as something is under way or not yet clean: "clean" is what the script defines.
`

const cleaning = `
round=0
while :; do
  busy; was=$?
  clean "$@"; clean=$?
  [ $was -eq 0 ] || [ $clean -ne 0 ] || break
  round=$((round + 1))
  [ $round -ne 50 ] || end
  [ $round -lt 60 ] || break
  sleep 0.2
done
`

/**
 * Starts waiting. `script` is for a POSIX shell and defines a function `clean`, which is given `args` and succeeds once nothing
 * is left. Nothing in it may depend on a terminal.
 */
export function startJanitor(script: string, args: readonly string[], env: Environment): Janitor {
  const child = spawn('sh', ['-c', `${waiting}\n${script}\n${cleaning}`, 'janitor', ...args], {
    env: { ...env },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.on('error', () => {})
  const tell = (words: string) => {
    if (child.stdin.writable) child.stdin.write(`${words}\n`)
  }
  const ended = exitCodeOf(child)
  const clean = async () => {
    tell('done')
    child.stdin.end()
    await ended
  }
  return {
    watch(other) {
      if (other.pid === undefined) return
      tell(`watch ${other.pid}`)
      other.once('exit', () => tell(`gone ${other.pid}`))
    },
    clean,
    [Symbol.asyncDispose]: clean,
  }
}
