/**
 * What a container of the image runs: entrypoint and command, and behind programs that only start another one (inits, `env`,
 * a shell's `exec`, the official Node image's entrypoint script) what they start.
 */
import { nameOf } from '../tree/file-tree.ts'
import type { RunConfig } from '../../oci/index.ts'

export interface StartCommand {
  /** as it would be looked up: a path, or a name on PATH */
  command: string
  args: string[]
  /** why it is run, for messages: `entrypoint`, `command`, `command of tini` */
  from: string
}

const maxDepth = 8

/** The commands that are run one inside of the other, outermost first; empty when the image names none. */
export function startCommands({ Entrypoint, Cmd }: RunConfig): StartCommand[] {
  const entrypoint = Entrypoint ?? []
  const argv = [...entrypoint, ...(Cmd ?? [])]
  const commands: StartCommand[] = []
  let next: string[] | undefined = argv
  let from = entrypoint.length > 0 ? 'entrypoint' : 'command'
  while (next !== undefined && commands.length < maxDepth) {
    const [command, ...args]: string[] = next
    if (command === undefined || command === '') break
    commands.push({ command, args, from })
    next = startedBy(command, args)
    from = `command of ${nameOf(command)}`
  }
  return commands
}

/** Options of inits that take a value of their own. */
const valueOptions: Record<string, readonly string[]> = {
  tini: ['-p', '-e'],
  'tini-static': ['-p', '-e'],
  'docker-init': ['-p', '-e'],
  'dumb-init': ['-r', '--rewrite'],
  catatonit: ['-l'],
}
const userSwitchers = new Set(['su-exec', 'gosu'])
const shells = new Set(['sh', 'bash', 'ash', 'dash'])
const launchers = new Set(['node', 'npm', 'npx', 'yarn', 'pnpm', 'bun'])

function startedBy(command: string, args: readonly string[]): string[] | undefined {
  const name = nameOf(command)
  const withValue = valueOptions[name]
  if (withValue) return afterOptions(args, withValue)
  if (userSwitchers.has(name)) return args.slice(1)
  if (name === 'env') return afterAssignments(args)
  if (shells.has(name) && args[0] === '-c') return simpleCommand(args[1] ?? '')
  // The official Node image's script puts node in front of what is no command.
  if (name === 'docker-entrypoint.sh' && /^-|\.[cm]?js$/.test(args[0] ?? '')) return ['node', ...args]
  // The convention of entrypoint scripts: they end with `exec "$@"`.
  const isScript = name === 'docker-entrypoint.sh' || name.endsWith('.sh')
  if (isScript && launchers.has(nameOf(args[0] ?? ''))) return [...args]
  return undefined
}

function afterOptions(args: readonly string[], withValue: readonly string[]): string[] {
  let at = 0
  while (at < args.length && args[at]?.startsWith('-')) {
    if (args[at] === '--') return args.slice(at + 1)
    at += withValue.includes(args[at] ?? '') ? 2 : 1
  }
  return args.slice(at)
}

function afterAssignments(args: readonly string[]): string[] {
  const rest =
    args[0] === '-S' && args.length === 2 ? (args[1] ?? '').split(' ') : args.filter((arg) => arg !== '-S')
  return rest.slice(
    Math.max(
      0,
      rest.findIndex((arg) => !/^(?:-|\w+=)/.test(arg)),
    ),
  )
}

/** The words of a shell line that runs one program with plain arguments; undefined for everything that a shell must read. */
function simpleCommand(line: string): string[] | undefined {
  if (/[|&;<>()$`\\"'*?[\]#~{}\n]/.test(line)) return undefined
  const words = line.split(/\s+/).filter((word) => word !== '')
  const first = words.findIndex((word) => word !== 'exec' && !/^\w+=/.test(word))
  return first < 0 ? undefined : words.slice(first)
}
