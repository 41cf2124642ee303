/** What a proof that a rewritten Dockerfile gives the same image holds for. */
import { CodedError, type CancelOptions } from '../base/index.ts'
import { type BuildkitRequest, type BuildkitTools, graphOf } from '../engines/buildkit/index.ts'
import { digestOf, formatPlatform, parseReference } from '../oci/index.ts'
import type { OptimizedDockerfile, OptimizeProject } from '../optimize/index.ts'
import { resolveReference, type Stores } from '../store/index.ts'

/** Changes whenever a comparison or a rewrite may come out otherwise than before. */
const proofVersion = 2

export interface ProofFacts {
  request: BuildkitRequest
  rewritten: OptimizedDockerfile
  /** what the rewrite was decided by */
  project: OptimizeProject
  /** contexts that came later, `NAME=oci-layout://FOLDER@DIGEST` */
  contexts: readonly string[]
}

/**
 * Names everything but the sources that the images were made of: both files, arguments, dependencies, which secrets there are,
 * and what the tags of its images point at now. Undefined where a tag cannot be looked up: such a build is proved each time.
 */
export async function proofKey(
  { request, rewritten, project, contexts }: ProofFacts,
  tools: BuildkitTools,
  { signal }: CancelOptions,
): Promise<string | undefined> {
  const { source, platforms, options } = request
  const { target, buildArgs, network, secrets, ssh, addHosts } = options
  const images: Record<string, string> = {}
  for (const reference of imagesOf(request, tools)) {
    const digest = await digestOfTag(reference, tools.stores, { signal })
    if (digest === undefined) return undefined
    images[reference] = digest
  }
  const facts = {
    proofVersion,
    original: source.text,
    rewritten: rewritten.text,
    platforms: platforms.map(formatPlatform),
    images,
    contexts: [...(options.buildContexts ?? []), ...contexts.map(withoutFolder)],
    options: { target, buildArgs, network, secrets, ssh, addHosts },
    project,
  }
  return digestOf(JSON.stringify(facts))
}

/** Images that some platform's build begins with or copies from, as the original file names them. */
function imagesOf({ source, platforms, options }: BuildkitRequest, { docker }: BuildkitTools): string[] {
  const references = platforms.flatMap((platform) =>
    graphOf(source.text, platform, platform, options, docker.env)
      .stages.filter(({ reachable }) => reachable)
      .flatMap(({ base, steps }) => [base, ...steps.flatMap(({ sources }) => sources)])
      .flatMap((each) => (each.kind === 'image' ? [each.reference] : [])),
  )
  return [...new Set(references)].sort()
}

async function digestOfTag(
  text: string,
  stores: Stores,
  { signal }: CancelOptions,
): Promise<string | undefined> {
  try {
    const reference = parseReference(text)
    return reference.digest ?? (await resolveReference(reference, stores, { signal }))?.digest
  } catch (error) {
    if (error instanceof CodedError && error.kind !== 'interrupted') return undefined
    throw error
  }
}

/** The folder is another one each time. */
function withoutFolder(context: string): string {
  return context.replace(/=oci-layout:\/\/.*@/u, '=')
}
