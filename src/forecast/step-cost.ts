/** What a RUN step is about, and what it costs, roughly: medians of small services, measured natively and under QEMU. */
import { runCommands, type RunInstruction, type ShellCommand } from '../dockerfile/index.ts'
import { installOf, isScriptBuild, systemPackagesOf } from './facts/package-command.ts'

export type StepKind = 'install' | 'compile' | 'packages' | 'build' | 'test' | 'other'

const seconds: Record<StepKind, { native: number; emulated: number }> = {
  install: { native: 5, emulated: 25 },
  compile: { native: 20, emulated: 200 },
  packages: { native: 4, emulated: 20 },
  build: { native: 3, emulated: 25 },
  test: { native: 5, emulated: 40 },
  other: { native: 0.3, emulated: 1 },
}

export interface StepCost {
  readonly kind: StepKind
  readonly seconds: number
  readonly expensive: boolean
}

export function costOf(run: RunInstruction, emulated: boolean): StepCost {
  const kinds = runCommands(run).map(kindOf)
  const estimate = kinds.reduce((sum, kind) => sum + seconds[kind][emulated ? 'emulated' : 'native'], 0)
  const kind = kinds.reduce<StepKind>(
    (most, each) => (seconds[each].native > seconds[most].native ? each : most),
    'other',
  )
  return { kind, seconds: estimate, expensive: emulated && kind !== 'other' }
}

function kindOf(command: ShellCommand): StepKind {
  const [program = '', ...rest] = command.words.map(({ text }) => text)
  const words = rest.filter((text) => !text.startsWith('-'))
  if (systemPackagesOf(command).length > 0) return 'packages'
  if (/^(?:make|cmake|gcc|g\+\+|cc|cargo|go|node-gyp)$/u.test(program.replace(/^.*\//u, ''))) return 'compile'
  if (/^(?:npm|pnpm|yarn|bun)$/u.test(program)) {
    if (installOf(command) || isGlobalInstall(rest)) return 'install'
    if (words[0] === 'rebuild' || words[0] === 'rb') return words.length > 1 ? 'compile' : 'install'
    if (/^(?:test|t|tst|lint|typecheck)\b/u.test(words[0] === 'run' ? (words[1] ?? '') : (words[0] ?? '')))
      return 'test'
  }
  if (/^(?:jest|vitest|mocha|eslint)$/u.test(program === 'npx' ? (words[0] ?? '') : program)) return 'test'
  return isScriptBuild(command) ? 'build' : 'other'
}

function isGlobalInstall(words: readonly string[]): boolean {
  return (
    /^(?:i|install|add)$/u.test(words[0] ?? '') && words.some((word) => word === '-g' || word === '--global')
  )
}
