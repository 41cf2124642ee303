/** Base layers, dependency layers and app layer become one image: what it is started with, what it is called, where its bytes are. */
import { posix } from 'node:path'
import { type CancelOptions, fromBytes, type Source } from '../../../base/index.ts'
import type { Placement } from '../../../npm/index.ts'
import { type Descriptor, type Digest, formatPlatform } from '../../../oci/index.ts'
import { type GitFacts, imageLabels, startCommand } from '../../../project/index.ts'
import { type ContentCache, memoryImage, type UnpublishedImage } from '../../../store/index.ts'
import type { ProvidedAddons } from '../../../addons/index.ts'
import type { BuiltApp } from '../app/build-app.ts'
import type { BaseImage, BaseLayers } from '../base/base-image.ts'
import type { DependencyLayers } from '../dependencies.ts'
import type { DirectTools } from '../direct-tools.ts'
import type { SealedLayer } from '../layers/sealed-layer.ts'
import type { ResolvedPlan } from '../resolved-plan.ts'
import { imageIndex, type PlatformImage, platformImage } from './image-document.ts'
import { runConfig } from './run-config.ts'

/** The layers that the image is made of. */
export interface ImageParts {
  baseLayers: readonly BaseLayers[]
  dependencyLayers: DependencyLayers
  app: BuiltApp
  addons: ProvidedAddons
  git: GitFacts
}

/** Documents over the layers, and an image that can be read. */
export async function assembleImage(
  { plan, base, dependencies }: ResolvedPlan,
  { baseLayers, dependencyLayers, app, addons, git }: ImageParts,
  { cache }: DirectTools,
  { signal }: CancelOptions,
): Promise<UnpublishedImage> {
  const { project, settings } = plan
  const image = project.configuration.image ?? {}
  const labels = imageLabels(project.app.packageJson, git, settings.mtime === 0 ? undefined : settings.mtime)
  const start = startCommand(
    project.app.packageJson,
    image,
    (path) => app.files.includes(path),
    (name) => dependencyCommand(name, project.app.folder, dependencies.nodeModules.shared),
  )
  const created = new Date(settings.mtime * 1000).toISOString()
  const workdir = `/${[plan.prefix, project.app.folder].filter(Boolean).join('/')}`
  const images = base.platforms.map(({ platform, facts, annotations: ofBase }, index): PlatformImage => {
    const below = baseLayers[index] as BaseLayers
    const own = dependencyLayers.perPlatform.get(formatPlatform(platform))
    const layers = [dependencyLayers.shared, own, app.layer].filter(
      (layer): layer is SealedLayer => layer !== undefined,
    )
    const run = runConfig({ base: below.config.config ?? {}, facts, start, settings: image, workdir, labels })
    const annotations = {
      ...labels,
      ...base.annotations,
      ...ofBase,
      ...image.annotations,
    }
    return platformImage({ platform, base: below, layers, run, annotations, created })
  })
  const index = imageIndex(images, { ...labels, ...base.annotations, ...image.annotations })
  const ours = [dependencyLayers.shared, ...dependencyLayers.perPlatform.values(), app.layer].filter(
    (layer): layer is SealedLayer => layer !== undefined,
  )
  const baseDescriptors = baseLayers.flatMap((below) => below.layers)
  const blobs = await openBlobs([...baseDescriptors, ...ours.map((layer) => layer.descriptor)], base, cache, {
    signal,
  })
  for (const { config } of images) blobs.set(config.descriptor.digest, fromBytes(config.bytes))
  return {
    reader: memoryImage({
      name: project.app.packageJson.name ?? 'image',
      root: index,
      manifests: images.map(({ manifest }) => manifest),
      blobs,
    }),
    base: {
      name: base.name,
      ...(base.digest ? { digest: base.digest } : {}),
      ...(plan.base.kind === 'existing' && plan.base.location.transport === 'docker'
        ? { repository: plan.base.location.reference }
        : {}),
    },
    platforms: plan.platforms,
    baseDiffIds: new Set(baseLayers.flatMap(({ config }) => config.rootfs.diff_ids)),
    layerNames: new Map(ours.map((layer) => [layer.descriptor.digest, layer.createdBy])),
    findings: [
      ...plan.findings,
      ...dependencies.findings,
      ...addons.findings,
      ...app.findings,
      ...start.findings,
    ],
  }
}

/** Where a production dependency's command is, relative to the shipped package: its own `.bin` first, then the root's. */
function dependencyCommand(name: string, folder: string, { binLinks }: Placement): string | undefined {
  const places = [posix.join(folder, 'node_modules/.bin', name), `node_modules/.bin/${name}`]
  const found = places.find((place) => binLinks.some(({ path }) => path === place))
  return found && posix.relative(folder, found)
}

async function openBlobs(
  layers: readonly Descriptor[],
  base: BaseImage,
  cache: ContentCache,
  { signal }: CancelOptions,
): Promise<Map<Digest, Source>> {
  const blobs = new Map<Digest, Source>()
  for (const layer of layers) {
    const content = (await cache.openBlob(layer, { signal })) ?? base.blob?.(layer)
    if (content) blobs.set(layer.digest, content)
  }
  return blobs
}
