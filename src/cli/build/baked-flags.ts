/** A target of a bake file as if it had been written on the command line; what is written there as well comes after it, and wins. */
import { type BakeBuild, readBake } from '../../engines/buildkit/index.ts'
import type { BuildFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'

export interface BakedBuild {
  /** the target's context */
  path: string
  flags: BuildFlags
}

/** `target` is `.` where none was named. Throws `BuildkitError` `BAKE_INVALID`. */
export async function bakedBuild(
  target: string,
  flags: BuildFlags & { bake: string },
  { env, cwd, signal }: CommandContext,
): Promise<BakedBuild> {
  const question = { file: flags.bake, target: target === '.' ? 'default' : target, signal }
  const bake = await readBake({ env, cwd }, question)
  return { path: bake.source.context, flags: { ...flags, ...bakedFlags(flags, bake) } }
}

function bakedFlags(flags: BuildFlags, { source, platforms, tags, options }: BakeBuild): Partial<BuildFlags> {
  const lists = {
    buildArg: [...(options.buildArgs ?? []), ...(flags.buildArg ?? [])],
    secret: [...(options.secrets ?? []), ...(flags.secret ?? [])],
    ssh: [...(options.ssh ?? []), ...(flags.ssh ?? [])],
    label: [...(options.labels ?? []), ...(flags.label ?? [])],
    annotation: [...(options.annotations ?? []), ...(flags.annotation ?? [])],
    buildContext: [...(options.buildContexts ?? []), ...(flags.buildContext ?? [])],
    allow: [...(options.allow ?? []), ...(flags.allow ?? [])],
    addHost: [...(options.addHosts ?? []), ...(flags.addHost ?? [])],
    attest: [...(options.attest ?? []), ...(flags.attest ?? [])],
    cacheFrom: flags.cacheFrom ?? [...(options.cacheFrom ?? [])],
    cacheTo: flags.cacheTo ?? [...(options.cacheTo ?? [])],
  }
  const given = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
  const target = flags.target ?? options.target
  const network = flags.network ?? options.network
  return {
    ...given,
    engine: 'buildkit',
    file: flags.file ?? source.file,
    ...(flags.tag === undefined && tags.length > 0 ? { tag: [...tags] } : {}),
    ...(flags.platform === undefined && platforms.length > 0 ? { platform: [...platforms] } : {}),
    ...(target === undefined ? {} : { target }),
    ...(network === undefined ? {} : { network }),
    ...(options.noCache ? { cache: false } : {}),
    ...(options.pull ? { pull: true } : {}),
  }
}
