/** The command lines of everyarch that every pipeline is made of, whatever runs it. */
import { architectureOf } from '../dockerfile/architecture-names.ts'
import { type ProjectFacts, secretFlags } from '../project-facts.ts'
import type { PipelineChoices } from './pipeline-choices.ts'
import { cacheAttributes } from './registry.ts'

/** `amd64`, `arm-v7`: a platform in file names, tags and job names. */
export function keyOf(platform: string): string {
  return platform.split('/').slice(1).join('-')
}

/** The Node that runs everyarch, and with it the build: the project's own, unless it is too old for everyarch. */
export function pipelineNode({ nodeVersion }: ProjectFacts): string {
  return Number.parseInt(nodeVersion, 10) < 20 ? '22' : nodeVersion
}

function program({ version }: PipelineChoices): string {
  return `npx --yes everyarch@${version}`
}

/** The names of this commit, as `--tag` flags, or what it is, as `--label` flags. */
function commitFlags(choices: PipelineChoices, format: 'flags' | 'label-flags'): string {
  return `$(${program(choices)} tags --format ${format} --default-branch ${choices.defaultBranch} "$IMAGE")`
}

/** What a build is asked in each shape; `push` is what becomes of the image. */
export interface BuildCommand {
  readonly platforms: readonly string[]
  readonly push: 'nothing' | 'tags' | 'digest'
  /** the variables of a job of a matrix that hold the platform and its key, instead of the platforms themselves */
  readonly variables?: { readonly platform: string; readonly key: string }
}

/** The words of a build, one group on each line. */
export function buildCommand(facts: ProjectFacts, choices: PipelineChoices, command: BuildCommand): string[] {
  const { platforms, variables } = command
  const isDirect = choices.shape === 'direct'
  const list = variables ? `"$${variables.platform}"` : platforms.join(',')
  return [
    `${program(choices)} build --engine ${isDirect ? 'direct' : 'buildkit'} --platform ${list}`,
    ...(isDirect ? untested(platforms) : [...cacheFlags(choices, command), ...secretFlags(facts)]),
    smokeFlags(facts),
    ...destination(choices, command),
  ]
}

/** Without an emulator a machine can start images of its own CPU only: the others are proved from their bytes. */
function untested(platforms: readonly string[]): string[] {
  const foreign = platforms.filter((platform) => architectureOf(platform) !== 'amd64')
  return foreign.length === 0 ? [] : [`--allow-untested ${foreign.join(',')}`]
}

/** One cache for each set of platforms that is built together; what pushes nothing only reads it. */
function cacheFlags({ image }: PipelineChoices, { platforms, push, variables }: BuildCommand): string[] {
  const key = variables ? `$${variables.key}` : keyOf(platforms[0] as string)
  const suffix = platforms.length === 1 || variables ? `-${key}` : ''
  const cache = `type=registry,ref=$IMAGE:buildcache${suffix}`
  const write = `--cache-to "${cache},mode=max${cacheAttributes(image)}"`
  return [`--cache-from "${cache}"`, ...(push === 'nothing' ? [] : [write])]
}

function smokeFlags({ health }: ProjectFacts): string {
  if (!health) return '--smoke'
  return health.path === undefined
    ? `--smoke-tcp ${health.port}`
    : `--smoke-http ${health.port}${health.path}`
}

function destination(choices: PipelineChoices, { push, platforms, variables }: BuildCommand): string[] {
  if (push === 'nothing') return []
  const labels = commitFlags(choices, 'label-flags')
  if (push === 'tags') return [labels, `${commitFlags(choices, 'flags')} --push`]
  const key = variables ? `$${variables.key}` : keyOf(platforms[0] as string)
  return [labels, `--tag "$IMAGE" --push-by-digest --digest-file "digest-${key}.json"`]
}

/** Merges what the machines pushed by digest, and moves the tags. */
export function publishCommand({ platforms }: ProjectFacts, choices: PipelineChoices): string[] {
  return [
    `${program(choices)} publish --platform ${platforms.join(',')}`,
    commitFlags(choices, 'flags'),
    platforms.map((platform) => `digest-${keyOf(platform)}.json`).join(' '),
  ]
}
