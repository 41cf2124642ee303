/** Bake files: buildx itself says what a target means, with everything that it inherits and every variable filled in. */
import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { type CancelOptions, codeOf } from '../../../base/index.ts'
import type { BuildxOptions, DockerfileSource } from '../build-request.ts'
import { BuildkitError } from '../buildkit-error.ts'
import { engineFailure } from '../failure/engine-failure.ts'
import { askDocker, type DockerCommand } from './run-buildx.ts'

export interface BakeQuestion extends CancelOptions {
  /** as `--file` takes it */
  file: string
  target: string
}

/** One target, in the words of a build. */
export interface BakeBuild {
  name: string
  source: DockerfileSource
  platforms: readonly string[]
  tags: readonly string[]
  options: BuildxOptions
}

interface Printed {
  group?: Record<string, { targets?: string[] }>
  target?: Record<string, PrintedTarget>
}

/** Lists of specifications are texts in older versions, and objects in newer ones. */
type Specification = string | Record<string, string>

interface PrintedTarget {
  context?: string
  contexts?: Record<string, string>
  dockerfile?: string
  'dockerfile-inline'?: string
  args?: Record<string, string>
  labels?: Record<string, string>
  annotations?: string[]
  tags?: string[]
  target?: string
  platforms?: string[]
  secret?: Specification[]
  ssh?: Specification[]
  'cache-from'?: Specification[]
  'cache-to'?: Specification[]
  attest?: Specification[]
  entitlements?: string[]
  'extra-hosts'?: Record<string, string>
  'no-cache'?: boolean
  pull?: boolean
  network?: string
}

/** Throws `BuildkitError` `BAKE_INVALID`, and what the docker command's absence throws. */
export async function readBake(docker: DockerCommand, question: BakeQuestion): Promise<BakeBuild> {
  const { file, target: wanted, signal } = question
  const args = ['buildx', 'bake', '--file', file, '--print', '--progress=plain', wanted]
  const { exitCode, stdout, stderr } = await askDocker(docker, args, { signal })
  if (exitCode !== 0) throw engineFailure(stderr) ?? invalid(file, lastError(stderr))
  const printed = JSON.parse(stdout) as Printed
  const names = printed.group?.[wanted]?.targets ?? (printed.target?.[wanted] ? [wanted] : [])
  const [name, ...others] = names
  const target = name === undefined ? undefined : printed.target?.[name]
  if (name === undefined || !target) throw invalid(file, `it has no target ${wanted}`)
  if (others.length > 0) {
    throw invalid(file, `${wanted} is a group of ${names.length} targets`, `name one of ${names.join(', ')}`)
  }
  return { name, source: await sourceOf(docker, target, question), ...wordsOf(file, target) }
}

async function sourceOf(
  { cwd }: DockerCommand,
  target: PrintedTarget,
  { file, target: wanted }: BakeQuestion,
): Promise<DockerfileSource> {
  const { context = '.', dockerfile = 'Dockerfile' } = target
  if (target['dockerfile-inline'] !== undefined) {
    throw invalid(
      file,
      `${wanted} has its Dockerfile inline`,
      'write it to a file, so that findings have a place',
    )
  }
  if (/^[a-z]+:\/\/|^git@/.test(context)) {
    throw invalid(file, `the context of ${wanted} is not on this machine`, 'fetch it first')
  }
  const folder = resolve(cwd, context)
  const path = resolve(folder, dockerfile)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw invalid(file, `${path} cannot be read: ${codeOf(error) ?? 'unknown reason'}`)
  })
  return { context: folder, file: path, text, name: relative(folder, path) || path }
}

function wordsOf(
  file: string,
  target: PrintedTarget,
): { platforms: readonly string[]; tags: readonly string[]; options: BuildxOptions } {
  const contexts = Object.entries(target.contexts ?? {})
  const linked = contexts.find(([, place]) => place.startsWith('target:'))
  if (linked) {
    throw invalid(
      file,
      `the context ${linked[0]} is the result of another target`,
      'build that target as a stage of the same Dockerfile, or push it and name its image',
    )
  }
  const pairs = (values: Record<string, string> = {}) =>
    Object.entries(values).map(([name, value]) => `${name}=${value}`)
  return {
    platforms: target.platforms ?? [],
    tags: target.tags ?? [],
    options: {
      buildArgs: pairs(target.args),
      labels: pairs(target.labels),
      annotations: target.annotations ?? [],
      buildContexts: pairs(target.contexts),
      secrets: (target.secret ?? []).map(specification),
      ssh: (target.ssh ?? []).map(specification),
      cacheFrom: (target['cache-from'] ?? []).map(specification),
      cacheTo: (target['cache-to'] ?? []).map(specification),
      attest: (target.attest ?? []).map(specification),
      allow: target.entitlements ?? [],
      addHosts: Object.entries(target['extra-hosts'] ?? {}).map(([host, address]) => `${host}:${address}`),
      noCache: target['no-cache'] ?? false,
      pull: target.pull ?? false,
      ...(target.target === undefined ? {} : { target: target.target }),
      ...(target.network === undefined ? {} : { network: target.network }),
    },
  }
}

/** `type=gha,mode=max`; an agent or key of SSH is `ID` or `ID=PATHS`. */
function specification(value: Specification): string {
  if (typeof value === 'string') return value
  const { type, ...rest } = value
  const fields = Object.entries({ ...(type === undefined ? {} : { type }), ...rest })
  return fields.map(([name, text]) => `${name}=${text}`).join(',')
}

function lastError(text: string): string {
  const line = text.split('\n').findLast((one) => one.startsWith('ERROR: '))
  return line?.slice('ERROR: '.length) ?? text.trim()
}

function invalid(
  file: string,
  why: string,
  hint = '`docker buildx bake --print` shows what it means',
): BuildkitError {
  return new BuildkitError('BAKE_INVALID', `${file}: ${why}`, { kind: 'usage', hint })
}
