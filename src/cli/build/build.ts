/** The work of `everyarch build`. */
import { CodedError, exitCodes, type Progress } from '../../base/index.ts'
import { parseReference, type Reference } from '../../oci/index.ts'
import { buildTargets, type OpenTools, type TargetRequest } from '../../pipeline/index.ts'
import type { BuildFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'
import { startProgress } from '../progress.ts'
import { smokeRequest } from '../smoke-request.ts'
import { commandTools } from '../tools.ts'
import { commandProject } from './command-project.ts'
import { type BakedBuild, bakedBuilds } from './baked-flags.ts'
import { checkTags, outputLocation } from './destinations.ts'
import { commandEngine } from './engine.ts'
import { showImages, writeImageFiles } from './show-image.ts'

/** Builds the project in the one place, or the targets of a bake file; resolves to the exit code. */
export async function build(
  places: readonly string[],
  flags: BuildFlags,
  context: CommandContext,
): Promise<number> {
  const { bake } = flags
  if (bake === undefined) return buildAll([loneBuild(places, flags)], flags, context)
  await using baked = await bakedBuilds(places, { ...flags, bake }, context)
  // Awaited: its files are needed until then.
  return await buildAll(baked.builds, flags, context)
}

function loneBuild([path = '.', ...others]: readonly string[], flags: BuildFlags): BakedBuild {
  if (others.length === 0) return { name: 'image', wanted: true, links: [], path, flags, unused: [] }
  throw new CodedError('INVALID_FLAG', `one folder is built at a time, and there is ${others[0]} as well`, {
    kind: 'usage',
    hint: 'several images at once are targets of a bake file: --bake',
  })
}

async function buildAll(
  builds: readonly BakedBuild[],
  flags: BuildFlags,
  context: CommandContext,
): Promise<number> {
  const { progress, stop } = startProgress(flags, context)
  const opened: OpenTools[] = []
  try {
    const targets: TargetRequest[] = []
    for (const one of builds) targets.push(await targetOf(one, progress, opened, context))
    const reports = await buildTargets(targets, context)
    stop()
    await writeImageFiles(reports, flags, context)
    showImages(reports, flags, context)
    return [...reports.values()].every(({ proved }) => proved) ? exitCodes.ok : exitCodes.gate
  } finally {
    stop()
    for (const tools of opened) await tools.close()
  }
}

/** Checks everything that was said of a target; its tools are open from then on. */
async function targetOf(
  { name, wanted, links, path, flags, unused }: BakedBuild,
  progress: Progress,
  opened: OpenTools[],
  context: CommandContext,
): Promise<TargetRequest> {
  const outputs = (flags.output ?? []).map((text) => outputLocation(text, context.cwd))
  const project = await commandProject(path, flags, context)
  const { configuration } = project
  const tags = (configuration.tags ?? []).map((tag) => parseReference(tag))
  const push = pushOf(flags, tags)
  const smoke = smokeRequest(flags, {
    configuration,
    root: project.root,
    pushing: push !== 'nothing',
    reuse: flags.cache ?? true,
  })
  const tools = await commandTools(project, flags, progress, context)
  opened.push(tools)
  if (unused.length > 0) progress({ type: 'warning', ...unusedText(name, unused) })
  const repository = push === 'nothing' ? undefined : onlyRepository(tags)
  const linked = links.map((link) => link.context)
  const partial = push === 'by-digest'
  const settings = { project, flags, tools, linked, partial, ...(repository ? { repository } : {}) }
  return {
    name,
    wanted,
    links,
    tools,
    engine: await commandEngine(settings, context),
    tags,
    push,
    outputs,
    ignore: configuration.verify?.ignore ?? [],
    ...(smoke ? { smoke } : {}),
  }
}

function unusedText(name: string, keys: readonly string[]): { text: string; hint?: string } {
  const text = `${keys.join(', ')} of the target ${name} ${keys.length === 1 ? 'is' : 'are'} not used`
  return keys.includes('output')
    ? { text, hint: 'where images go is said with --push and --output' }
    : { text }
}

/** Where all tags are in one repository, a distant builder may put the image there itself. */
function onlyRepository(tags: readonly Reference[]): Reference | undefined {
  const [first, ...others] = tags
  const same = others.every(
    ({ registry, repository }) => registry === first?.registry && repository === first.repository,
  )
  return same ? first : undefined
}

/** What registries get. Throws `CodedError` `INVALID_FLAG`. */
function pushOf(flags: BuildFlags, tags: readonly Reference[]): 'nothing' | 'by-digest' | 'tags' {
  if (flags.push && flags.pushByDigest) {
    throw new CodedError('INVALID_FLAG', '--push moves tags, and --push-by-digest moves none', {
      kind: 'usage',
      hint: 'give one of them; tags of images that were pushed by digest are moved by `everyarch publish`',
    })
  }
  if (flags.digestFile && !flags.pushByDigest) {
    throw new CodedError('INVALID_FLAG', '--digest-file needs --push-by-digest', {
      kind: 'usage',
      hint: 'it tells `everyarch publish` which digests to merge; for other uses there are --metadata-file and --iidfile',
    })
  }
  if (flags.push) checkTags(tags, '--push')
  if (flags.pushByDigest) checkTags(tags, '--push-by-digest')
  return flags.push ? 'tags' : flags.pushByDigest ? 'by-digest' : 'nothing'
}
