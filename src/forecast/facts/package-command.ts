/** Commands of package managers in scripts: installs, rebuilds, builds of the user's own code. */
import type { ShellCommand, ShellWord } from '../../dockerfile/index.ts'

export type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun'

export interface InstallCommand {
  readonly manager: Manager
  readonly command: ShellCommand
  /** it takes the versions of the lockfile */
  readonly frozen: boolean
  /** names given on the command line */
  readonly packages: readonly ShellWord[]
}

const programs = new Set<string>(['npm', 'pnpm', 'yarn', 'bun'])
const installVerbs: Record<Manager, readonly string[]> = {
  npm: ['ci', 'install', 'i', 'clean-install', 'install-clean'],
  pnpm: ['install', 'i', 'deploy'],
  yarn: ['install', 'workspaces'],
  bun: ['install', 'i'],
}

/** The install of a project's dependencies in a command; undefined for anything else, global installs included. */
export function installOf(command: ShellCommand): InstallCommand | undefined {
  const [program, ...rest] = command.words
  if (!program || !programs.has(program.text)) return undefined
  const manager = program.text as Manager
  const [verb, ...packages] = rest.filter((word) => !word.text.startsWith('-'))
  const global = rest.some((word) => word.text === '-g' || word.text === '--global')
  if (global || verb?.text === 'global') return undefined
  const bare =
    manager === 'yarn' &&
    verb === undefined &&
    !rest.some((word) => /^--?(v|version|h|help)$/u.test(word.text))
  if (!bare && !(verb && installVerbs[manager].includes(verb.text))) return undefined
  return {
    manager,
    command,
    frozen: verb?.text === 'ci' || hasFlag(command, '--frozen-lockfile', '--immutable'),
    packages,
  }
}

export function hasFlag(command: ShellCommand, ...names: string[]): boolean {
  return command.words.some((word) =>
    names.some((name) => word.text === name || word.text.startsWith(`${name}=`)),
  )
}

/** The value of `--name=value` or `--name value`. */
export function flagValue(command: ShellCommand, name: string): ShellWord | undefined {
  const index = command.words.findIndex((word) => word.text === name || word.text.startsWith(`${name}=`))
  const word = command.words[index]
  if (!word) return undefined
  return word.text === name ? command.words[index + 1] : { ...word, text: word.text.slice(name.length + 1) }
}

const bundlers = new Set(['tsc', 'webpack', 'rollup', 'esbuild', 'tsup', 'tsdown', 'swc', 'babel', 'ncc'])
const buildTools = new Set([
  'vite',
  'next',
  'nuxt',
  'nest',
  'ng',
  'astro',
  'remix',
  'turbo',
  'nx',
  'react-scripts',
  'vue-cli-service',
])

/** Whether a command turns sources into JavaScript: its output does not depend on the CPU. */
export function isScriptBuild({ words }: ShellCommand): boolean {
  const texts = words.map((word) => word.text).filter((text) => !text.startsWith('-'))
  const [program = '', first = '', second = ''] = texts
  if (
    program === 'npx' ||
    program === 'bunx' ||
    (program === 'pnpm' && (first === 'exec' || first === 'dlx'))
  ) {
    const rest = program === 'pnpm' ? words.slice(2) : words.slice(1)
    return isScriptBuild({ assignments: [], words: rest, range: { start: 0, end: 0 }, operator: '' })
  }
  if (programs.has(program)) {
    const script = first === 'run' || first === 'run-script' ? second : program === 'npm' ? '' : first
    return /^build(?::[\w:-]+)?$/u.test(script)
  }
  return (
    bundlers.has(program.replace(/^.*\//u, '')) ||
    (buildTools.has(program.replace(/^.*\//u, '')) && /^(run-)?build$/u.test(first))
  )
}

/** Packages that a command installs with the distribution's package manager. */
export function systemPackagesOf({ words }: ShellCommand): string[] {
  const texts = words.map((word) => word.text)
  const [program = ''] = texts
  const verb = program === 'apk' ? 'add' : 'install'
  if (!['apt-get', 'apt', 'apk', 'dnf', 'yum', 'microdnf'].includes(program) || !texts.includes(verb))
    return []
  const names: string[] = []
  for (let index = texts.indexOf(verb) + 1; index < texts.length; index++) {
    const text = texts[index] as string
    if (['-t', '--virtual', '-o', '--repository', '-X'].includes(text)) index++
    else if (!text.startsWith('-')) names.push(text.split('=')[0] as string)
  }
  return names
}
