/** Targets of a bake file as if they had been written on the command line; what is written there as well comes after it, and wins. */
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CodedError } from '../../base/index.ts'
import { type BakeLink, type BakeTarget, readBake } from '../../engines/buildkit/index.ts'
import { type TemporaryFolder, temporaryFolder } from '../../store/index.ts'
import type { BuildFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'
import { flagOf } from './buildkit-flags.ts'

export interface BakedBuild {
  name: string
  wanted: boolean
  links: readonly BakeLink[]
  /** the target's context */
  path: string
  flags: BuildFlags
  /** keys of the target that have no meaning here */
  unused: readonly string[]
}

export interface BakedBuilds extends AsyncDisposable {
  /** in the order of building */
  builds: readonly BakedBuild[]
}

/**
 * Targets and groups; none, or `.`, are the group `default`. Until it is disposed of, Dockerfiles that stand in the bake file
 * itself are on disk. Throws `BuildkitError` `BAKE_INVALID`, `INVALID_FLAG`.
 */
export async function bakedBuilds(
  names: readonly string[],
  flags: BuildFlags & { bake: string },
  { env, cwd, signal }: CommandContext,
): Promise<BakedBuilds> {
  const targets = await readBake(
    { env, cwd },
    { file: flags.bake, targets: names.filter((name) => name !== '.'), signal },
  )
  refuseLoneFlags(flags, targets)
  const folder = await temporaryFolder(tmpdir())
  const builds: BakedBuild[] = []
  for (const target of targets) {
    const file = flags.file ?? (await dockerfileOf(target, folder))
    const { name, wanted, links, source, unused } = target
    const path = source.context
    builds.push({
      name,
      wanted,
      links,
      path,
      unused,
      flags: { ...(wanted ? flags : withoutResults(flags)), ...bakedFlags(flags, target), file },
    })
  }
  return { builds, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

/** What can be said of one image only: several would overwrite one another's. */
const ofOneImage = ['tag', 'file', 'target', 'output', 'iidfile', 'digestFile', 'cacheTo'] as const

function refuseLoneFlags(flags: BuildFlags, targets: readonly BakeTarget[]): void {
  const wanted = targets.filter((target) => target.wanted).map(({ name }) => name)
  const lone = ofOneImage.find((name) => flags[name] !== undefined)
  if (lone === undefined || wanted.length < 2) return
  const flag = flagOf(lone)
  throw new CodedError('INVALID_FLAG', `${flag} is for one image, and these are ${wanted.length} targets`, {
    kind: 'usage',
    hint: `name one of ${wanted.join(', ')}, or leave ${flag} away`,
  })
}

async function dockerfileOf({ name, source, inline }: BakeTarget, folder: TemporaryFolder): Promise<string> {
  if (!inline) return source.file
  const file = join(folder.path, `${name}.Dockerfile`)
  await writeFile(file, source.text)
  return file
}

/** What is only made for others goes nowhere. */
function withoutResults({
  push: _push,
  pushByDigest: _pushByDigest,
  digestFile: _digestFile,
  output: _output,
  ...flags
}: BuildFlags): BuildFlags {
  return flags
}

function bakedFlags(flags: BuildFlags, { platforms, tags, options }: BakeTarget): Partial<BuildFlags> {
  const lists = {
    buildArg: [...(options.buildArgs ?? []), ...(flags.buildArg ?? [])],
    secret: [...(options.secrets ?? []), ...(flags.secret ?? [])],
    ssh: [...(options.ssh ?? []), ...(flags.ssh ?? [])],
    label: [...(options.labels ?? []), ...(flags.label ?? [])],
    annotation: [...(options.annotations ?? []), ...(flags.annotation ?? [])],
    buildContext: [...(options.buildContexts ?? []), ...(flags.buildContext ?? [])],
    allow: [...(options.allow ?? []), ...(flags.allow ?? [])],
    addHost: [...(options.addHosts ?? []), ...(flags.addHost ?? [])],
    ulimit: [...(options.ulimits ?? []), ...(flags.ulimit ?? [])],
    attest: [...(options.attest ?? []), ...(flags.attest ?? [])],
    cacheFrom: flags.cacheFrom ?? [...(options.cacheFrom ?? [])],
    cacheTo: flags.cacheTo ?? [...(options.cacheTo ?? [])],
  }
  const given = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
  const target = flags.target ?? options.target
  const network = flags.network ?? options.network
  const shmSize = flags.shmSize ?? options.shmSize
  return {
    ...given,
    engine: 'buildkit',
    ...(flags.tag === undefined && tags.length > 0 ? { tag: [...tags] } : {}),
    ...(flags.platform === undefined && platforms.length > 0 ? { platform: [...platforms] } : {}),
    ...(target === undefined ? {} : { target }),
    ...(network === undefined ? {} : { network }),
    ...(shmSize === undefined ? {} : { shmSize }),
    ...(options.noCache ? { cache: false } : {}),
    ...(options.pull ? { pull: true } : {}),
  }
}
