/**
 * Several images on one road, as the targets of a bake file are: all are built and proved before the name of any moves. A target
 * may need the result of another as a build context.
 */
import { type CancelOptions, throwIfAborted } from '../base/index.ts'
import { copyImage, openWriter, type TemporaryFolder, type UnpublishedImage } from '../store/index.ts'
import { type BuildRequest, type BuildTools, buildAndProve, type GatedImage } from './build.ts'
import type { BuildReport } from './image-report.ts'
import { publishImage } from './publish-image.ts'
import type { OpenTools } from './tools/open-tools.ts'

export interface TargetRequest extends BuildRequest {
  name: string
  /** its image is proved, reported and published; else it is only made for the others */
  wanted: boolean
  /** contexts of its Dockerfile that are images of targets before it */
  links: readonly { context: string; target: string }[]
  tools: BuildTools & Pick<OpenTools, 'cache'>
}

interface MadeTarget {
  target: TargetRequest
  image: UnpublishedImage
  /** absent where it is only made for the others */
  gated?: GatedImage
}

/**
 * In the order given; resolves to the reports of those that are wanted, by name. Where the gate of one stays closed nothing of
 * any is published. Throws the coded errors of the stations.
 */
export async function buildTargets(
  targets: readonly TargetRequest[],
  { signal }: CancelOptions,
): Promise<Map<string, BuildReport>> {
  const made = new Map<string, MadeTarget>()
  const folders: TemporaryFolder[] = []
  try {
    for (const target of targets) {
      throwIfAborted(signal)
      const contexts: string[] = []
      for (const { context, target: name } of target.links) {
        const { image } = made.get(name) as MadeTarget
        const folder = await target.tools.cache.temporaryFolder()
        folders.push(folder)
        contexts.push(`${context}=${await asContext(image, folder.path, target.tools, { signal })}`)
      }
      if (targets.length > 1) announce(target)
      made.set(target.name, await make(target, contexts, { signal }))
    }
    return await publishAll([...made.values()], { signal })
  } finally {
    for (const { image } of made.values()) await image.reader.close()
    for (const folder of folders) await folder[Symbol.asyncDispose]()
  }
}

function announce({ name, wanted, tools }: TargetRequest): void {
  tools.progress({ type: 'decision', topic: 'target', text: wanted ? name : `${name} (for others)` })
}

async function make(
  target: TargetRequest,
  contexts: readonly string[],
  { signal }: CancelOptions,
): Promise<MadeTarget> {
  const { tools, engine, wanted } = target
  if (!wanted) {
    return { target, image: await engine.build((_, work) => work(), { contexts, signal }) }
  }
  const gated = await buildAndProve(target, tools, { contexts, signal })
  return { target, image: gated.image, gated }
}

/** The image as a layout that BuildKit takes for a context. */
async function asContext(
  { reader }: UnpublishedImage,
  folder: string,
  { stores, progress }: BuildTools,
  { signal }: CancelOptions,
): Promise<string> {
  const writer = await openWriter({ transport: 'oci', path: folder }, stores, { progress, signal })
  try {
    await copyImage(reader, writer, { progress, signal })
  } finally {
    await writer.close()
  }
  return `oci-layout://${folder}@${reader.root.descriptor.digest}`
}

/** Content first, of all: a registry that fails leaves every name where it was. */
async function publishAll(
  made: readonly MadeTarget[],
  { signal }: CancelOptions,
): Promise<Map<string, BuildReport>> {
  const gated = made.flatMap(({ target, gated }) => (gated ? [{ target, ...gated }] : []))
  const reports = new Map(gated.map(({ target, report }) => [target.name, report]))
  if (!gated.every(({ report }) => report.proved)) return reports
  for (const { target, image, timed } of gated) {
    if (gated.length === 1 || target.push !== 'tags') continue
    const content = { tags: target.tags, push: 'by-digest', outputs: [] } as const
    await timed('publish', () => publishImage(image, content, target.tools, { signal }))
  }
  for (const { target, image, report, timed } of gated) {
    const published = await timed('publish', () => publishImage(image, target, target.tools, { signal }))
    reports.set(target.name, { ...report, ...published })
  }
  return reports
}
