/** Bake files: buildx itself says what targets mean, with everything that they inherit and every variable filled in. */
import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { type CancelOptions, codeOf } from '../../../base/index.ts'
import type { BuildxOptions, DockerfileSource } from '../build-request.ts'
import { BuildkitError } from '../buildkit-error.ts'
import { engineFailure } from '../failure/engine-failure.ts'
import { type Printed, type PrintedTarget, wordsOf } from './printed-bake.ts'
import { askDocker, type DockerCommand } from './run-buildx.ts'

export interface BakeQuestion extends CancelOptions {
  /** as `--file` takes it */
  file: string
  /** targets and groups; none are the group `default` */
  targets: readonly string[]
}

/** One target, in the words of a build. */
export interface BakeTarget {
  name: string
  /** it was asked for, by its name or by a group's; else others need its result */
  wanted: boolean
  /** `file` is where the Dockerfile would be when it stands in the bake file itself (`inline`) */
  source: DockerfileSource
  inline: boolean
  platforms: readonly string[]
  tags: readonly string[]
  options: BuildxOptions
  /** contexts that are results of other targets */
  links: readonly BakeLink[]
  /** keys that have no meaning here */
  unused: readonly string[]
}

export interface BakeLink {
  /** as the Dockerfile calls it */
  context: string
  target: string
}

/** In the order of building: what others need comes before them. Throws `BuildkitError` `BAKE_INVALID`, and what the docker command's absence throws. */
export async function readBake(docker: DockerCommand, question: BakeQuestion): Promise<BakeTarget[]> {
  const { file, targets, signal } = question
  const args = ['buildx', 'bake', '--file', file, '--print', '--progress=plain', ...targets]
  const { exitCode, stdout, stderr } = await askDocker(docker, args, { signal })
  if (exitCode !== 0) throw engineFailure(stderr) ?? invalid(file, lastError(stderr))
  const printed = JSON.parse(stdout) as Printed
  const wanted = expanded('default', printed)
  if (wanted.length === 0) throw invalid(file, `it has no target ${targets.join(', ') || 'default'}`)
  const found = new Map<string, BakeTarget>()
  for (const name of inOrder(wanted, printed, file)) {
    const target = printed.target?.[name] as PrintedTarget
    const source = await sourceOf(docker, name, target, file)
    found.set(name, { name, wanted: wanted.includes(name), ...source, ...wordsOf(target) })
  }
  return withPlatforms([...found.values()])
}

/** A target that is only made for others, and names no platforms, is made for theirs. */
function withPlatforms(targets: readonly BakeTarget[]): BakeTarget[] {
  const platforms = new Map(targets.map((target) => [target.name, new Set(target.platforms)]))
  for (const target of [...targets].reverse()) {
    for (const link of target.links) {
      const needed = targets.find(({ name }) => name === link.target)
      if (!needed || needed.wanted || needed.platforms.length > 0) continue
      for (const platform of platforms.get(target.name) ?? []) platforms.get(link.target)?.add(platform)
    }
  }
  return targets.map((target) => ({ ...target, platforms: [...(platforms.get(target.name) ?? [])] }))
}

/** The targets of a group and of the groups in it; a target of a matrix is a group as well. */
function expanded(name: string, { group = {}, target = {} }: Printed, seen = new Set<string>()): string[] {
  if (seen.has(name)) return []
  seen.add(name)
  const members = group[name]?.targets
  if (members) return [...new Set(members.flatMap((each) => expanded(each, { group, target }, seen)))]
  return name in target ? [name] : []
}

/** What a target's contexts come from before the target; buildx has refused circles. */
function inOrder(wanted: readonly string[], { target = {} }: Printed, file: string): string[] {
  const ordered = new Set<string>()
  const visit = (name: string) => {
    const found = target[name]
    if (!found) throw invalid(file, `there is no target ${name}, whose result another one needs`)
    for (const link of wordsOf(found).links) if (!ordered.has(link.target)) visit(link.target)
    ordered.add(name)
  }
  for (const name of wanted) visit(name)
  return [...ordered]
}

async function sourceOf(
  { cwd }: DockerCommand,
  name: string,
  target: PrintedTarget,
  file: string,
): Promise<{ source: DockerfileSource; inline: boolean }> {
  const { context = '.', dockerfile = 'Dockerfile', 'dockerfile-inline': inline } = target
  if (/^[a-z]+:\/\/|^git@/.test(context)) {
    throw invalid(file, `the context of ${name} is not on this machine`, 'fetch it first')
  }
  const folder = resolve(cwd, context)
  const path = resolve(folder, dockerfile)
  if (inline !== undefined) {
    const place = `${file}, target ${name}`
    return { source: { context: folder, file: path, text: inline, name: place }, inline: true }
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw invalid(file, `${path} cannot be read: ${codeOf(error) ?? 'unknown reason'}`)
  })
  return {
    source: { context: folder, file: path, text, name: relative(folder, path) || path },
    inline: false,
  }
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
