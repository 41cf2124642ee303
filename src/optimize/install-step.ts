/** A RUN step that installs the project's dependencies, taken apart. */
import { runCommands, type RunInstruction, type ShellCommand, type Step } from '../dockerfile/index.ts'
import { hasFlag, installOf, type Manager } from '../forecast/index.ts'

export interface InstallStep {
  readonly step: Step
  readonly run: RunInstruction
  readonly commands: readonly ShellCommand[]
  readonly manager: Manager
  readonly install: ShellCommand
  readonly ignoresScripts: boolean
  /** development dependencies are left out */
  readonly production: boolean
  /** commands that rebuild every package */
  readonly blanketRebuilds: readonly ShellCommand[]
  /** commands beside the install that only drop caches */
  readonly cleanups: readonly ShellCommand[]
  /** everything else that the step does */
  readonly others: readonly ShellCommand[]
}

/** The step's install; undefined when it has none, or a string that says why it cannot be followed. */
export function installStepOf(step: Step): InstallStep | string | undefined {
  const run = step.instruction
  if (run.keyword !== 'RUN') return undefined
  const commands = runCommands(run)
  const installs = commands.flatMap((command) => installOf(command) ?? [])
  const [found] = installs
  if (!found) return undefined
  if (installs.length > 1) return 'it installs in several ways'
  if (run.exec) return 'it is written as a JSON array'
  if (!isStraight(run, commands)) return 'the shell decides in it what is done'
  if (found.packages.length > 0) return 'it names packages'
  if (!found.frozen) return `${textOf(found.command)} does not hold to the lockfile`
  const { command: install, manager } = found
  const rest = commands.filter((command) => command !== install && command.words[0]?.text !== 'set')
  const blanketRebuilds = rest.filter(isBlanketRebuild)
  const cleanups = rest.filter(isCleanup)
  return {
    step,
    run,
    commands,
    manager,
    install,
    ignoresScripts: hasFlag(install, '--ignore-scripts') || hasSkipBuild(install),
    production: leavesDevelopmentOut(install, step),
    blanketRebuilds,
    cleanups,
    others: rest.filter((command) => !blanketRebuilds.includes(command) && !cleanups.includes(command)),
  }
}

/** One command after another: no condition, loop, pipe or group. */
function isStraight({ body, heredocs }: RunInstruction, commands: readonly ShellCommand[]): boolean {
  if (commands.some(({ operator }) => !['&&', ';', ''].includes(operator))) return false
  const text = heredocs[0]?.content ?? body.text
  return !/(?:^|[\s;&|(])(?:if|for|while|until|case|\{|\()\s|[|`]|\$\(|<\(|(?<!&)&(?!&)/u.test(
    text.replaceAll(/\d?>&\d|&>/gu, ''),
  )
}

export function isBlanketRebuild({ words }: ShellCommand): boolean {
  const [program, ...rest] = words.map(({ text }) => text)
  const [verb, ...names] = rest.filter((text) => !text.startsWith('-'))
  return (
    (program === 'npm' || program === 'pnpm') &&
    (verb === 'rebuild' || verb === 'rb') &&
    names.length === 0 &&
    !rest.includes('--ignore-scripts')
  )
}

export function isCleanup({ words }: ShellCommand): boolean {
  const [program = '', ...rest] = words.map(({ text }) => text)
  const [verb, noun] = rest.filter((text) => !text.startsWith('-'))
  if (program === 'rm') {
    const paths = rest.filter((text) => !text.startsWith('-'))
    return paths.every((path) =>
      /^(?:~|\/root|\/home\/node)\/\.(?:npm|cache|yarn|node-gyp)(?:\/|$)|^\/tmp\/|^\/usr\/local\/share\/\.cache(?:\/|$)/u.test(
        path,
      ),
    )
  }
  if (program === 'pnpm') return verb === 'store' && noun === 'prune'
  return (
    (program === 'npm' || program === 'yarn') && verb === 'cache' && (noun === 'clean' || noun === 'clear')
  )
}

/** Commands that only get a package manager ready. */
export function isSetup({ words }: ShellCommand): boolean {
  const [program = '', ...rest] = words.map(({ text }) => text)
  const [verb] = rest.filter((text) => !text.startsWith('-'))
  if (['corepack', 'mkdir', 'true', 'echo', 'set'].includes(program)) return true
  if (!['npm', 'pnpm', 'yarn'].includes(program)) return false
  if (verb === 'config' || verb === 'set') return true
  return (verb === 'install' || verb === 'i') && (rest.includes('-g') || rest.includes('--global'))
}

function hasSkipBuild(command: ShellCommand): boolean {
  return hasFlag(command, '--mode') && command.words.some(({ text }) => /(?:^|=)skip-build$/u.test(text))
}

function leavesDevelopmentOut(command: ShellCommand, { scope }: Step): boolean {
  if (hasFlag(command, '--production', '--prod', '-P')) return true
  if (
    command.words.some(
      ({ text }) =>
        text === 'dev' || text === '--omit=dev' || text === '--only=production' || text === '--only=prod',
    )
  )
    return true
  const own = command.assignments
    .find(({ text }) => text.startsWith('NODE_ENV='))
    ?.text.slice('NODE_ENV='.length)
  return (own ?? scope.get('NODE_ENV')?.value) === 'production'
}

export function textOf({ words }: ShellCommand): string {
  return words.map(({ text }) => text).join(' ')
}
