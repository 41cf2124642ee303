/**
 * The direct engine: base image, dependencies and app become layers and an index, natively, with no container engine. The
 * result has no name anywhere: its blobs are in the cache, its manifests in memory.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type CancelOptions, inParallel } from '../../base/index.ts'
import { packageSource, type TargetPlatform, withChanges } from '../../npm/index.ts'
import { provideAddons, type ProvidedAddons } from '../../addons/index.ts'
import { formatPlatform } from '../../oci/index.ts'
import type { UnpublishedImage } from '../../store/index.ts'
import {
  digestContext,
  digestRecordsFile,
  type GitFacts,
  leavingOut,
  readGitFacts,
  readIgnoreRules,
  walkContext,
} from '../../project/index.ts'
import { addonTargets } from './addon-targets.ts'
import type { AppInput } from './app/app-input.ts'
import { buildApp, type BuiltApp } from './app/build-app.ts'
import type { BaseImage, BaseLayers } from './base/base-image.ts'
import { resolveBase } from './base/resolve-base.ts'
import { type DependencyLayers, planDependencies, sealDependencies } from './dependencies.ts'
import type { DirectPlan } from './direct-plan.ts'
import type { DirectTools } from './direct-tools.ts'
import { assembleImage } from './image/assemble-image.ts'
import type { ResolvedPlan } from './resolved-plan.ts'

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
  const source = packageSource({ config: npm, records: cache, temporaryFolder: tools.temporaryFolder })
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
    addons: plan.project.configuration.addons ?? {},
    signal,
  })
  return { plan, base, dependencies, source }
}

export interface DirectBuildOptions extends CancelOptions {
  /** false: nothing of earlier builds of the app is taken */
  reuse: boolean
  /** absolute paths of what this run writes: no part of the app */
  written: readonly string[]
}

/** Makes the image of a resolved plan. */
export async function buildDirect(
  resolved: ResolvedPlan,
  tools: DirectTools,
  { reuse, written, signal }: DirectBuildOptions,
): Promise<UnpublishedImage> {
  const { env } = tools
  const [git, { addons, base, baseLayers, dependencyLayers }, app] = await inParallel<
    [GitFacts, PlatformParts, BuiltApp]
  >(
    [
      (joined) => readGitFacts(resolved.plan.project.root, { env, signal: joined }),
      (joined) => platformParts(resolved, tools, { signal: joined }),
      async (joined) =>
        buildApp(await appInput(resolved, tools, { reuse, written, signal: joined }), { signal: joined }),
    ],
    { signal },
  )
  const complete = { ...resolved, base }
  return assembleImage(complete, { baseLayers, dependencyLayers, app, addons, git }, tools, { signal })
}

interface PlatformParts {
  addons: ProvidedAddons
  base: BaseImage
  baseLayers: readonly BaseLayers[]
  dependencyLayers: DependencyLayers
}

/** What differs between platforms. Binaries come first: which libraries the base needs is known once they are there. */
async function platformParts(
  { plan, base: plain, dependencies, source }: ResolvedPlan,
  tools: DirectTools,
  { signal }: CancelOptions,
): Promise<PlatformParts> {
  const { cache, progress } = tools
  const addons = await provideAddons(
    dependencies.nodeModules,
    dependencies.addons,
    { targets: addonTargets(plan, plain, tools), settings: plan.project.configuration.addons ?? {}, signal },
    { ...tools, source },
  )
  const base = addons.libraries.length > 0 ? await plain.withPackages(addons.libraries, { signal }) : plain
  const [baseLayers, dependencyLayers] = await inParallel<[readonly BaseLayers[], DependencyLayers]>(
    [
      (joined) => base.layers({ signal: joined }),
      (joined) =>
        sealDependencies(withChanges(dependencies.nodeModules, addons.changes), {
          source,
          cache,
          settings: plan.settings,
          prefix: plan.prefix,
          progress,
          signal: joined,
        }),
    ],
    { signal },
  )
  return { addons, base, baseLayers, dependencyLayers }
}

async function appInput(
  { plan, dependencies, source }: ResolvedPlan,
  tools: DirectTools,
  { reuse, written, signal }: DirectBuildOptions,
): Promise<AppInput> {
  const { project, lock } = plan
  const { cache, npm, env, progress } = tools
  const rules = await readIgnoreRules(project.root, { signal })
  const ignore = leavingOut(rules, project.root, [...written, cache.folder])
  const entries = await walkContext(project.root, { ignore, signal })
  const rootKey = createHash('sha256').update(project.root).digest('hex').slice(0, 16)
  const records = digestRecordsFile(join(cache.folder, 'contexts', `${rootKey}.json`))
  const { digest } = await digestContext(project.root, entries, { records, signal })
  return {
    project,
    context: { entries, digest },
    scripts: plan.scripts,
    scriptEnv: plan.lifecycle.env,
    include: project.configuration.include,
    ignore,
    linkedFolders: plan.linkedFolders,
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
