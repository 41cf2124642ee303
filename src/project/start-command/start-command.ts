/**
 * How the container starts, in exec form: no npm and no shell stand between the init and the service, so that signals and
 * exit codes reach whom they are meant for. What package.json says is taken only as far as it can be taken literally.
 */
import { posix } from 'node:path'
import type { Finding } from '../../base/index.ts'
import type { ImageSettings } from '../configuration/configuration.ts'
import type { PackageJson } from '../package-json.ts'
import { ProjectError } from '../project-error.ts'
import { entryFiles, scriptPaths } from './entry-files.ts'
import { parseNodeArguments, scriptCandidates } from './node-arguments.ts'
import { resolveScript } from './resolve-script.ts'

/** How the container starts. */
export interface StartCommand {
  /** what the configuration names; empty otherwise, so that an init can stand there */
  entrypoint: string[]
  /** the command, or the arguments of the entrypoint */
  cmd: string[]
  /** variables that the start script sets in front of its command */
  env: Record<string, string>
  /** `image.entrypoint`, `scripts.start`, `bin`, `main` … */
  from: string
  /** the file that Node is started with, relative to the package; absent when it is not a Node command */
  script?: string
  findings: Finding[]
}

/** What the image will hold; both take and give paths relative to the package. */
interface StartFacts {
  /** whether a file of the app will be in the image; undefined when that is not known yet */
  exists: (path: string) => boolean | undefined
  /** where the command of a production dependency is (`node_modules/.bin/next`); undefined when none brings it */
  dependencyCommand?: ((name: string) => string | undefined) | undefined
}

/**
 * `image.entrypoint` and `image.cmd`, else `scripts.start`, else `bin`, else `main`, else `server.js` (as npm), `index.js` (as
 * Node) or `.output/server/index.mjs`. Throws `ProjectError` `START_COMMAND_UNKNOWN` for a start script that needs a shell,
 * a package manager or a file that will not be in the image, and when there is nothing to start. Without `dependencyCommand`
 * commands of dependencies are assumed where npm usually puts them.
 */
export function startCommand(
  packageJson: PackageJson,
  image: ImageSettings | undefined,
  exists: StartFacts['exists'],
  dependencyCommand?: StartFacts['dependencyCommand'],
): StartCommand {
  if (image?.entrypoint) {
    return {
      entrypoint: image.entrypoint,
      cmd: image.cmd ?? [],
      env: {},
      from: 'image.entrypoint',
      findings: [],
    }
  }
  if (image?.cmd) return { entrypoint: [], cmd: image.cmd, env: {}, from: 'image.cmd', findings: [] }
  const facts = { exists, dependencyCommand }
  return (
    fromStartScript(packageJson, facts) ?? fromEntryFile(packageJson, facts) ?? nothingToStart(packageJson)
  )
}

function fromStartScript(packageJson: PackageJson, facts: StartFacts): StartCommand | undefined {
  if (!packageJson.scripts.start) return undefined
  const start = resolveScript(packageJson, 'start')
  if ('problem' in start) throw unknown(packageJson, start.problem, start.advice)
  const { words, env, from, findings } = start
  const [program = '', ...args] = words
  if (program === 'node') {
    const { script, preloads } = parseNodeArguments(args)
    for (const preload of preloads) fileOf(packageJson, preload, from, facts)
    const found = script && fileOf(packageJson, script, from, facts)
    return { entrypoint: [], cmd: words, env, from, ...(found ? { script: found } : {}), findings }
  }
  // `next start` refuses to serve a standalone build, which has a server of its own.
  if (program === 'next' && args[0] === 'start' && facts.exists('server.js')) {
    return {
      entrypoint: [],
      cmd: ['node', 'server.js'],
      env,
      from: `${from} (standalone)`,
      script: 'server.js',
      findings,
    }
  }
  if (program.includes('/')) return fromPath(words, packageJson, { env, from, findings }, facts)
  if (systemPrograms.has(program)) return { entrypoint: [], cmd: words, env, from, findings }
  return {
    entrypoint: [],
    cmd: ['node', binOf(packageJson, program, from, facts), ...args],
    env,
    from,
    findings,
  }
}

/** A start script that begins with a path: Node runs it when it is JavaScript, else it has to be executable. */
function fromPath(
  words: readonly string[],
  packageJson: PackageJson,
  rest: Pick<StartCommand, 'env' | 'from' | 'findings'>,
  { exists }: StartFacts,
): StartCommand {
  const [program = '', ...args] = words
  const path = posix.normalize(program)
  if (exists(path) === false) throw missingFile(packageJson, path, rest.from)
  const isScript = /\.[cm]?js$/.test(path)
  const cmd = isScript ? ['node', path, ...args] : [program, ...args]
  return { entrypoint: [], cmd, ...rest, ...(isScript ? { script: path } : {}) }
}

/** Programs that come with a base image, not with a dependency. */
const systemPrograms = new Set(['sh', 'bash', 'tini', 'dumb-init', 'deno', 'bun'])

/** Where npm puts a dependency's command: beside the package, or at the root when the package is a workspace. */
function binOf(packageJson: PackageJson, program: string, from: string, facts: StartFacts): string {
  const { dependencies, devDependencies } = packageJson.document
  const lists = (list: unknown) => typeof list === 'object' && list !== null && Object.hasOwn(list, program)
  const found = facts.dependencyCommand?.(program)
  const isMissing = facts.dependencyCommand ? !found : lists(devDependencies) && !lists(dependencies)
  if (isMissing) {
    throw unknown(
      packageJson,
      `${from} runs ${program}, which no production dependency brings into the image`,
      `start what was built instead (--cmd "node dist/server.js"), or move ${program} to dependencies`,
    )
  }
  const up = posix.relative(posix.dirname(packageJson.file), '.')
  return found ?? posix.join(up, 'node_modules/.bin', program)
}

function fromEntryFile(packageJson: PackageJson, { exists }: StartFacts): StartCommand | undefined {
  for (const { path, from } of entryFiles(packageJson)) {
    const script = scriptCandidates(path).find((candidate) => exists(candidate) !== false)
    if (script) return { entrypoint: [], cmd: ['node', script], env: {}, from, script, findings: [] }
  }
  return undefined
}

function fileOf(
  packageJson: PackageJson,
  script: string,
  from: string,
  { exists }: StartFacts,
): string | undefined {
  const candidates = scriptPaths(packageJson, script)
  const found = candidates.find((path) => exists(path))
  if (found !== undefined) return found
  if (candidates.some((path) => exists(path) === undefined)) return undefined
  throw missingFile(packageJson, candidates[0] as string, from)
}

function missingFile(packageJson: PackageJson, path: string, from: string): ProjectError {
  const isEnvironmentFile = posix.basename(path).startsWith('.env')
  return unknown(
    packageJson,
    `${from} needs ${path}, which will not be in the image`,
    isEnvironmentFile
      ? 'give variables to the container when it starts, and start it without --env-file (--cmd "node server.js")'
      : 'does the build write it, does "files" or "include" name it, does .dockerignore leave it out?\neveryarch plan shows what goes into the image',
  )
}

function nothingToStart(packageJson: PackageJson): never {
  const commands = Object.keys(packageJson.bin)
  const choice = commands.length > 1 ? ` and bin has several commands (${commands.join(', ')})` : ''
  throw unknown(
    packageJson,
    `nothing says how the service starts: there is no scripts.start and no main file${choice}`,
    'add a start script such as "start": "node server.js", or set image.cmd in everyarch.config.json (--cmd "node server.js")',
  )
}

function unknown(packageJson: PackageJson, problem: string, hint: string): ProjectError {
  return new ProjectError('START_COMMAND_UNKNOWN', `${packageJson.file}: ${problem}`, {
    kind: 'usage',
    hint,
    details: { file: packageJson.file },
  })
}
