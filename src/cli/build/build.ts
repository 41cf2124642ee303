/** The work of `everyarch build`. */
import { CodedError, exitCodes } from '../../base/index.ts'
import { parseReference, type Reference } from '../../oci/index.ts'
import { build as runPipeline } from '../../pipeline/index.ts'
import type { BuildFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'
import { startProgress } from '../progress.ts'
import { smokeRequest } from '../smoke-request.ts'
import { commandTools } from '../tools.ts'
import { commandProject } from './command-project.ts'
import { bakedBuild } from './baked-flags.ts'
import { checkTags, outputLocation } from './destinations.ts'
import { openEngine } from './engine.ts'
import { showImage, writeImageFiles } from './show-image.ts'

/** Builds the project in `path`; resolves to the exit code. */
export async function build(place: string, given: BuildFlags, context: CommandContext): Promise<number> {
  const { signal } = context
  const { bake } = given
  const { path, flags } =
    bake === undefined ? { path: place, flags: given } : await bakedBuild(place, { ...given, bake }, context)
  const outputs = (flags.output ?? []).map((text) => outputLocation(text, context.cwd))
  const project = await commandProject(path, flags, context)
  const { configuration } = project
  const tags = (configuration.tags ?? []).map((tag) => parseReference(tag))
  const push = pushOf(flags, tags)
  const reuse = flags.cache ?? true
  const smoke = smokeRequest(flags, {
    configuration,
    root: project.root,
    pushing: push !== 'nothing',
    reuse,
  })
  const { progress, stop } = startProgress(flags, context)
  const tools = await commandTools(project, flags, progress, context)
  try {
    const repository = push === 'nothing' ? undefined : onlyRepository(tags)
    const engine = await openEngine(
      { project, flags, tools, partial: push === 'by-digest', ...(repository ? { repository } : {}) },
      context,
    )
    const request = {
      engine,
      tags,
      push,
      outputs,
      ignore: configuration.verify?.ignore ?? [],
      ...(smoke ? { smoke } : {}),
    }
    const report = await runPipeline(request, tools, { signal })
    stop()
    await writeImageFiles(report, flags, context)
    showImage(report, flags, context)
    return report.proved ? exitCodes.ok : exitCodes.gate
  } finally {
    stop()
    await tools.close()
  }
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
