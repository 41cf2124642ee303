/**
 * The direct engine: base image, dependencies and app become layers and an index, natively, with no container engine. The
 * result has no name anywhere: its blobs are in the cache, its manifests in memory.
 */
import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type CancelOptions, type Finding, fromBytes, inParallel, type Source } from '../../base/index.ts'
import { packageSource, type PackageSource, type TargetPlatform } from '../../npm/index.ts'
import { type Descriptor, type DiffId, type Digest, formatPlatform, type Reference } from '../../oci/index.ts'
import {
  digestContext,
  digestRecordsFile,
  imageLabels,
  readGitFacts,
  readIgnoreRules,
  startCommand,
  walkContext,
} from '../../project/index.ts'
import { type ContentCache, type ImageReader, memoryImage } from '../../store/index.ts'
import type { AppInput } from './app/app-input.ts'
import { buildApp, type BuiltApp } from './app/build-app.ts'
import type { BaseImage, BaseLayers } from './base/base-image.ts'
import { resolveBase } from './base/resolve-base.ts'
import {
  type DependencyLayers,
  type DependencyPlan,
  planDependencies,
  sealDependencies,
} from './dependencies.ts'
import type { DirectPlan } from './direct-plan.ts'
import type { DirectTools } from './direct-tools.ts'
import { imageIndex, type PlatformImage, platformImage } from './image/image-document.ts'
import { runConfig } from './image/run-config.ts'
import type { SealedLayer } from './layers/sealed-layer.ts'

/** An image that is complete and has no name yet. */
export interface UnpublishedImage {
  reader: ImageReader
  /** manifests of the platforms, by digest */
  manifests: ReadonlyMap<Digest, Uint8Array>
  base: { name: string; digest?: Digest; repository?: Reference }
  /** diffIDs of the layers that come from the base */
  baseDiffIds: ReadonlySet<DiffId>
  /** what our layers are, for people */
  layerNames: ReadonlyMap<Digest, string>
  findings: readonly Finding[]
}

/** The plan, with what had to be looked up: the base, and each platform's packages. */
export interface ResolvedPlan {
  plan: DirectPlan
  base: BaseImage
  dependencies: DependencyPlan
  source: PackageSource
}

/** Looks up what the plan leaves open. Reads registries and caches; changes nothing that anybody sees. */
export async function resolvePlan(
  plan: DirectPlan,
  tools: DirectTools,
  { signal }: CancelOptions,
): Promise<ResolvedPlan> {
  const { cache, npm, progress } = tools
  const base = await resolveBase(plan.base, plan.platforms, plan.settings, tools, { signal })
  const platforms = plan.platforms.map(formatPlatform).join(', ')
  const pinned = base.digest ? `${base.name}@${base.digest.slice(0, 19)}…` : base.name
  progress({ type: 'decision', topic: 'base', text: `${pinned}  (${platforms})` })
  const temporaryFolder = join(cache.folder, 'packages')
  await mkdir(temporaryFolder, { recursive: true })
  const source = packageSource({ config: npm, records: cache, temporaryFolder })
  const targets = base.platforms.map(
    ({ platform, facts, nodeVersion }): TargetPlatform => ({
      platform,
      libc: facts.libc,
      ...(nodeVersion ? { nodeVersion } : {}),
    }),
  )
  const dependencies = await planDependencies(plan.lock, {
    targets,
    source,
    cache,
    workspaces: plan.project.app.folder === '' ? undefined : [plan.project.app.folder],
    legacyPeerDeps: npm.legacyPeerDeps,
    binLinks: npm.binLinks,
    signal,
  })
  return { plan, base, dependencies, source }
}

/** Makes the image of a resolved plan. `reuse` false: nothing of earlier builds of the app is taken. */
export async function buildDirect(
  resolved: ResolvedPlan,
  tools: DirectTools,
  { reuse, signal }: CancelOptions & { reuse: boolean },
): Promise<UnpublishedImage> {
  const { plan, base, dependencies, source } = resolved
  const { cache, progress } = tools
  const { prefix, settings } = plan
  const [baseLayers, dependencyLayers, app] = await inParallel<
    [readonly BaseLayers[], DependencyLayers, BuiltApp]
  >(
    [
      (joined) => base.layers({ signal: joined }),
      (joined) =>
        sealDependencies(dependencies.nodeModules, {
          source,
          cache,
          settings,
          prefix,
          progress,
          signal: joined,
        }),
      async (joined) =>
        buildApp(await appInput(resolved, tools, reuse, { signal: joined }), { signal: joined }),
    ],
    { signal },
  )
  return assemble(resolved, { baseLayers, dependencyLayers, app }, tools, { signal })
}

async function appInput(
  { plan, dependencies, source }: ResolvedPlan,
  tools: DirectTools,
  reuse: boolean,
  { signal }: CancelOptions,
): Promise<AppInput> {
  const { project, lock } = plan
  const { cache, npm, env, progress } = tools
  const ignore = await readIgnoreRules(project.root, { signal })
  const entries = await walkContext(project.root, { ignore, signal })
  const rootKey = createHash('sha256').update(project.root).digest('hex').slice(0, 16)
  const records = digestRecordsFile(join(cache.folder, 'contexts', `${rootKey}.json`))
  const { digest } = await digestContext(project.root, entries, { records, signal })
  const { include } = project.configuration
  const links = dependencies.nodeModules.shared.packages.flatMap(({ package: { target } }) => target ?? [])
  return {
    project,
    context: { entries, digest },
    scripts: plan.scripts,
    outputs: include ? { include } : {},
    linkedFolders: links.filter((folder) => folder !== project.app.folder),
    prefix: plan.prefix,
    lock,
    nodeModules: dependencies.nodeModules,
    treeKey: treeKey(plan, npm.ignoreScripts),
    roots: ['', ...lock.workspaces],
    projectExecutables: dependencies.nodeModules.projectExecutables,
    reuse,
    source,
    npm,
    cache,
    settings: plan.settings,
    env,
    progress,
  }
}

/** Of everything that the tree installed for building depends on. */
function treeKey({ lock }: DirectPlan, ignoreScripts: boolean): string {
  const packages = [...lock.packages.values()].map(({ location, integrity, resolved, target }) => [
    location,
    integrity ?? resolved,
    target,
  ])
  const host = [process.platform, process.arch, process.versions.modules, ignoreScripts]
  return createHash('sha256')
    .update(JSON.stringify([packages, host]))
    .digest('hex')
    .slice(0, 32)
}

interface Parts {
  baseLayers: readonly BaseLayers[]
  dependencyLayers: DependencyLayers
  app: BuiltApp
}

async function assemble(
  { plan, base, dependencies }: ResolvedPlan,
  { baseLayers, dependencyLayers, app }: Parts,
  { cache, env }: DirectTools,
  { signal }: CancelOptions,
): Promise<UnpublishedImage> {
  const { project, settings } = plan
  const image = project.configuration.image ?? {}
  const git = await readGitFacts(project.root, { env, signal })
  const labels = imageLabels(project.app.packageJson, git, settings.mtime === 0 ? undefined : settings.mtime)
  const start = startCommand(project.app.packageJson, image, (path) => app.files.includes(path))
  const created = new Date(settings.mtime * 1000).toISOString()
  const workdir = `/${[plan.prefix, project.app.folder].filter(Boolean).join('/')}`
  const images = base.platforms.map(({ platform, facts }, index): PlatformImage => {
    const below = baseLayers[index] as BaseLayers
    const own = dependencyLayers.perPlatform.get(formatPlatform(platform))
    const layers = [dependencyLayers.shared, own, app.layer].filter(
      (layer): layer is SealedLayer => layer !== undefined,
    )
    const run = runConfig({ base: below.config.config ?? {}, facts, start, settings: image, workdir, labels })
    const annotations = {
      ...labels,
      ...base.annotations,
      ...(below.digest ? { 'org.opencontainers.image.base.digest': below.digest } : {}),
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
    manifests: new Map(images.map(({ manifest }) => [manifest.descriptor.digest, manifest.bytes])),
    base: {
      name: base.name,
      ...(base.digest ? { digest: base.digest } : {}),
      ...(plan.base.kind === 'existing' && plan.base.location.transport === 'docker'
        ? { repository: plan.base.location.reference }
        : {}),
    },
    baseDiffIds: new Set(baseLayers.flatMap(({ config }) => config.rootfs.diff_ids)),
    layerNames: new Map(ours.map((layer) => [layer.descriptor.digest, layer.createdBy])),
    findings: [...plan.findings, ...dependencies.findings, ...app.findings, ...start.findings],
  }
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
