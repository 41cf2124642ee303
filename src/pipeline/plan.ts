/** What a build would do, and why; nothing is made, run or published. */
import type { CancelOptions, Finding } from '../base/index.ts'
import { type DirectTools, planDirect, type ResolvedPlan, resolvePlan } from '../engines/direct/index.ts'
import { type Digest, formatPlatform } from '../oci/index.ts'
import type { Project } from '../project/index.ts'

export interface PlatformPlan {
  platform: string
  libc: string
  /** packages that every platform has */
  sharedPackages: number
  /** `name@version` of what only this platform (or not every one) has */
  ownPackages: string[]
}

export interface PlanReport {
  engine: 'direct'
  node: { version: string; reason: string }
  base: { name: string; digest?: Digest }
  platforms: PlatformPlan[]
  /** run once, on this machine */
  scripts: { event: string; command: string }[]
  /** lifecycle scripts that are not run, each with the reason */
  skippedScripts: { event: string; command: string; reason: string }[]
  /** which files go into the image, and why */
  outputs: { reason: string; selects: string[] }
  /** where the app is in the image */
  folder: string
  findings: Finding[]
}

export interface PlanRequest {
  project: Project
  mtime: number
}

/** Reads the base's and the packages' metadata where the cache lacks them. Throws what the same build would throw. */
export async function plan(
  { project, mtime }: PlanRequest,
  tools: DirectTools,
  { signal }: CancelOptions,
): Promise<PlanReport> {
  const options = { now: tools.now(), mtime, legacyPeerDeps: tools.npm.legacyPeerDeps, reuse: true, signal }
  const direct = await planDirect(project, options)
  return describePlan(await resolvePlan(direct, tools, { signal }))
}

function describePlan({ plan, base, dependencies }: ResolvedPlan): PlanReport {
  const { shared, perPlatform } = dependencies.nodeModules
  return {
    engine: 'direct',
    node: nodeOf(plan, base),
    base: { name: base.name, ...(base.digest ? { digest: base.digest } : {}) },
    platforms: base.platforms.map(({ platform, facts }) => ({
      platform: formatPlatform(platform),
      libc: facts.libc,
      sharedPackages: shared.packages.length,
      ownPackages: (perPlatform.get(formatPlatform(platform))?.packages ?? []).map(
        ({ package: { name, version } }) => `${name}@${version ?? 'local'}`,
      ),
    })),
    scripts: plan.scripts.map(({ event, command }) => ({ event, command })),
    skippedScripts: plan.lifecycle.skipped.map(({ event, command, reason }) => ({ event, command, reason })),
    outputs: { reason: plan.outputs.reason, selects: [...plan.outputs.selects] },
    folder: `/${plan.prefix}`,
    findings: [...plan.findings, ...dependencies.findings],
  }
}

/** The base decides which Node there is; the project's wish decides only where the base was not given. */
function nodeOf(plan: ResolvedPlan['plan'], base: ResolvedPlan['base']): PlanReport['node'] {
  const version = base.platforms[0]?.nodeVersion ?? plan.node.version
  return {
    version,
    reason: plan.project.configuration.base === undefined ? plan.node.reason : 'the base brings it',
  }
}
