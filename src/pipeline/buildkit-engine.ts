import {
  type BuildkitRequest,
  type BuildkitResult,
  type BuildkitTools,
  buildWithBuildkit,
  type ReadyBuilder,
} from '../engines/buildkit/index.ts'
import type { CancelOptions } from '../base/index.ts'
import { isIndexType, type Platform } from '../oci/index.ts'
import type { ImageReader } from '../store/index.ts'
import type { BuiltImage, Engine } from './engine.ts'
import { mergeImages } from './merge/merge-images.ts'

/** The engine that builds Dockerfiles with `docker buildx`, on whatever builder was chosen. */
export function buildkitEngine(request: BuildkitRequest, ready: ReadyBuilder, tools: BuildkitTools): Engine {
  return {
    name: 'buildkit',
    async build(timed, { contexts = [], signal }) {
      const { options } = request
      const buildContexts = [...(options.buildContexts ?? []), ...contexts]
      const linked = { ...request, options: { ...options, buildContexts } }
      const result = await timed('build', () => buildWithBuildkit(linked, ready, tools, { signal }))
      return unpublished(result, request.platforms, { signal })
    },
  }
}

/** Nothing of the base is taken on trust: where it ends is not known for certain, so every layer is verified. */
async function unpublished(
  { readers, base, layerNames, steps }: BuildkitResult,
  platforms: readonly Platform[],
  options: CancelOptions,
): Promise<BuiltImage> {
  return {
    reader: await oneIndex(readers, options),
    platforms,
    ...(base ? { base } : {}),
    baseDiffIds: new Set(),
    layerNames,
    findings: [],
    steps,
  }
}

/** BuildKit's own index as it is, where there is one. */
async function oneIndex(readers: readonly ImageReader[], options: CancelOptions): Promise<ImageReader> {
  const [first] = readers
  if (first && readers.length === 1 && isIndexType(first.root.descriptor.mediaType)) return first
  try {
    return (await mergeImages(first?.name ?? 'image', readers, options)).reader
  } catch (error) {
    for (const reader of readers) await reader.close()
    throw error
  }
}
