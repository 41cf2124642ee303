/** A package script down to the program that it runs: through `npm run`, `cross-env`, `env` and `exec`. */
import type { Finding } from '../../base/index.ts'
import type { PackageJson } from '../package-json.ts'
import { lastOfChain, parseCommandLine } from './command-line.ts'

export interface ResolvedScript {
  words: string[]
  env: Record<string, string>
  /** `scripts.start`, or `scripts.start → scripts.serve` */
  from: string
  findings: Finding[]
}

/** Why a script cannot be started without a shell or a package manager, and what to do. */
export interface ScriptProblem {
  problem: string
  advice: string
}

/** More steps from script to script are taken for a cycle. */
const maxSteps = 10

/** Follows a script of the package to the command that it comes to. */
export function resolveScript(packageJson: PackageJson, name: string): ResolvedScript | ScriptProblem {
  const findings: Finding[] = []
  const steps: string[] = []
  let env: Record<string, string> = {}
  let next = name
  let more: string[] = []
  for (;;) {
    const line = packageJson.scripts[next]
    steps.push(`scripts.${next}`)
    const from = steps.join(' → ')
    if (line === undefined) return problem(`${from} does not exist`)
    if (steps.length > maxSteps) return problem(`${from} runs in circles`)
    findings.push(...hookFindings(packageJson, next))
    const command = parseCommandLine(line)
    if ('construct' in command) return shellProblem(from, line, command.construct)
    const plain = withoutWrappers([...command.words, ...more])
    env = { ...env, ...command.env, ...plain.env }
    const run = packageManagerRun(plain.words)
    if (!run) return { words: plain.words, env, from, findings }
    if ('problem' in run) return problem(`${from} ${run.problem}`)
    next = run.script
    more = run.args
  }
}

function problem(text: string): ScriptProblem {
  return {
    problem: text,
    advice: 'say how the service starts with image.cmd in everyarch.config.json (--cmd "node server.js")',
  }
}

function shellProblem(from: string, line: string, construct: string): ScriptProblem {
  const last = lastOfChain(line)
  const lastCommand = last === undefined ? undefined : parseCommandLine(last)
  const own = lastCommand && 'words' in lastCommand ? lastCommand.words.join(' ') : 'node server.js'
  return {
    problem: `${from} has ${construct}, which needs a shell: ${line}`,
    advice: [
      `say which program is the service: --cmd "${own}", or image.cmd in everyarch.config.json`,
      `where it must be a shell: "entrypoint": ["sh", "-c", ${JSON.stringify(`… && exec ${own}`)}]`,
    ].join('\n'),
  }
}

/** Takes `cross-env A=1`, `env A=1` and `exec` off the front of a command. */
function withoutWrappers(words: readonly string[]): { words: string[]; env: Record<string, string> } {
  const env: Record<string, string> = {}
  let at = 0
  while (['cross-env', 'env', 'exec'].includes(words[at] ?? '') && words.length > at + 1) {
    at++
    for (let pair = assignmentAt(words, at); pair; pair = assignmentAt(words, ++at))
      env[pair.name] = pair.value
  }
  return { words: words.slice(at), env }
}

function assignmentAt(words: readonly string[], at: number): { name: string; value: string } | undefined {
  if (words[at - 1] === 'exec') return undefined
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[at] ?? '') ?? []
  return name === undefined ? undefined : { name, value: value ?? '' }
}

/** `npm run serve -- --port 80` and its relatives: the script and its arguments; undefined for any other program. */
function packageManagerRun(
  words: readonly string[],
): { script: string; args: string[] } | { problem: string } | undefined {
  const [program = '', ...rest] = words
  if (!['npm', 'pnpm', 'yarn'].includes(program)) {
    return program === 'npx'
      ? { problem: 'runs npx, which is no program to start a service with' }
      : undefined
  }
  const args = rest.filter(
    (word, index) => !/^(?:-s|--silent|-q|--if-present)$/.test(word) || index > dashes(rest),
  )
  const [verb = '', ...others] = args
  const isRun = verb === 'run' || verb === 'run-script'
  const script = isRun ? others[0] : ['start', 'test'].includes(verb) || program !== 'npm' ? verb : undefined
  if (!script || script.startsWith('-'))
    return { problem: `runs ${words.join(' ')}, which starts no script of this package` }
  const own = isRun ? others.slice(1) : others
  // npm takes what stands before the dashes for itself.
  const separator = own.indexOf('--')
  if (separator < 0) return { script, args: program === 'npm' ? [] : own }
  return {
    script,
    args: [...(program === 'npm' ? [] : own.slice(0, separator)), ...own.slice(separator + 1)],
  }
}

function dashes(words: readonly string[]): number {
  const at = words.indexOf('--')
  return at < 0 ? words.length : at
}

/** npm would run `prestart` first; an image does not. */
function hookFindings({ scripts, file }: PackageJson, name: string): Finding[] {
  const hook = `pre${name}`
  const command = scripts[hook]
  if (!command) return []
  return [
    {
      rule: 'project/start-hook-not-run',
      severity: 'warning',
      message: `scripts.${hook} of ${file} (${command}) does not run when the container starts`,
      hint: 'what it does belongs into the build, or into a step of its own before the service is deployed',
      details: { script: hook, command },
    },
  ]
}
