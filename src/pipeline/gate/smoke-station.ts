/** The gate's last station: each platform's image is started and probed. What passed once for the same bytes is not run again. */
import type { CancelOptions, Finding, Progress } from '../../base/index.ts'
import { type Digest, formatPlatform, type Platform, samePlatform } from '../../oci/index.ts'
import {
  chooseRunners,
  type PlatformSmoke,
  type Probe,
  type RunnerName,
  smokeImage,
  type SmokeReport,
} from '../../smoke/index.ts'
import type { ContentCache, UnpublishedImage } from '../../store/index.ts'
import { platformDigests } from '../platform-digests.ts'

/** What runs images: one runner for all platforms, and engines at other addresses for some. */
export interface RunnerWish {
  wanted: 'auto' | RunnerName
  /** addresses by platform */
  places?: Readonly<Record<string, string>>
}

/** What is asked of the smoke tests. */
export interface SmokeRequest {
  probes: readonly Probe[]
  runners: RunnerWish
  /** platforms that may go out although nothing here can run them */
  allowUntested: readonly Platform[] | 'all'
  /** false: every platform is tested anew */
  reuse: boolean
}

export interface SmokeStationOptions extends CancelOptions {
  /** platforms that were tested elsewhere, for the same digest */
  testedBefore: readonly Platform[]
}

export interface SmokeStationTools {
  cache: ContentCache
  env: Readonly<Record<string, string | undefined>>
  progress: Progress
}

export interface SmokeVerdict {
  findings: Finding[]
  tested: string[]
  untested: string[]
  smoke?: SmokeReport
}

/** Tests the platforms that nothing vouches for yet. Throws `SmokeError`. */
export async function smokeStation(
  image: UnpublishedImage,
  request: SmokeRequest,
  tools: SmokeStationTools,
  { testedBefore, signal }: SmokeStationOptions,
): Promise<SmokeVerdict> {
  const waiting = image.platforms.filter(
    (platform) => !testedBefore.some((known) => samePlatform(known, platform)),
  )
  const passed = new Passed(platformDigests(image.reader), request, tools.cache)
  const remembered = await passed.among(waiting)
  for (const platform of remembered) announce(platform, tools.progress)
  const remaining = waiting.filter((platform) => !remembered.includes(platform))
  const smoke = await runTests(image, remaining, request, tools, { signal })
  await passed.add(smoke?.platforms ?? [])
  const untested = (smoke?.platforms ?? []).filter(({ outcome }) => outcome === 'untested')
  const allowed = untested.filter((result) => isAllowed(result, request.allowUntested))
  const names = (platforms: readonly Platform[]) => platforms.map(formatPlatform)
  const good = (smoke?.platforms ?? []).filter(({ outcome }) => outcome === 'passed')
  return {
    findings: (smoke?.platforms ?? [])
      .filter((result) => result.outcome !== 'passed' && !allowed.includes(result))
      .map(findingOf),
    tested: inOrder(image.platforms, [
      ...names(testedBefore),
      ...names(remembered),
      ...good.map(({ platform }) => platform),
    ]),
    untested: allowed.map(({ platform }) => platform),
    ...(smoke ? { smoke } : {}),
  }
}

async function runTests(
  image: UnpublishedImage,
  platforms: readonly Platform[],
  { probes, runners: { wanted, places = {} } }: SmokeRequest,
  { cache, env, progress }: SmokeStationTools,
  { signal }: CancelOptions,
): Promise<SmokeReport | undefined> {
  if (platforms.length === 0) return undefined
  const runners = await chooseRunners({ wanted, places, env, cache, signal })
  return smokeImage(image.reader, { platforms, probes, runners, progress, signal })
}

function inOrder(platforms: readonly Platform[], names: readonly string[]): string[] {
  return platforms.map(formatPlatform).filter((platform) => names.includes(platform))
}

function isAllowed({ platform }: PlatformSmoke, allowed: SmokeRequest['allowUntested']): boolean {
  return allowed === 'all' || allowed.some((one) => formatPlatform(one) === platform)
}

function announce(platform: Platform, progress: Progress): void {
  const name = formatPlatform(platform)
  const id = `smoke ${name}`
  progress({ type: 'start', id, station: 'smoke', text: 'tested before', platform: name })
  progress({ type: 'end', id, text: `${name} ✓ passed before`, cached: true })
}

function findingOf({ platform, outcome, reason, probes, runner }: PlatformSmoke): Finding {
  if (outcome === 'untested') {
    return {
      rule: 'smoke/untested',
      severity: 'error',
      platform,
      message: `${platform} was not tested: ${reason?.text ?? 'nothing can run it'}`,
      hint: [
        ...(reason?.hint ? [reason.hint] : []),
        `to publish it all the same, and have that recorded: --allow-untested ${platform}`,
      ].join('\n'),
      details: { reason: reason?.code ?? 'no-runner' },
    }
  }
  const failed = probes.find(({ cause }) => cause)
  return {
    rule: 'smoke/failed',
    severity: 'error',
    platform,
    message: `${failed?.probe ?? 'the smoke test'}: ${failed?.cause?.text ?? 'failed'}`,
    ...(failed?.cause?.hint ? { hint: failed.cause.hint } : {}),
    details: { runner, log: failed?.log.slice(-10) ?? [], cause: failed?.cause?.code },
  }
}

/** Changed when a pass of an earlier release is no longer one. */
const passVersion = 1

/**
 * Platforms whose very bytes passed the very same probes before. A probe that depends on more than the image (a compose
 * file beside it) is always made.
 */
class Passed {
  readonly #digests: ReadonlyMap<string, Digest>
  readonly #request: SmokeRequest
  readonly #cache: ContentCache

  constructor(digests: ReadonlyMap<string, Digest>, request: SmokeRequest, cache: ContentCache) {
    this.#digests = digests
    this.#request = request
    this.#cache = cache
  }

  async among(platforms: readonly Platform[]): Promise<Platform[]> {
    if (!this.#request.reuse || !this.#isRepeatable()) return []
    const known: Platform[] = []
    for (const platform of platforms) {
      const key = this.#key(formatPlatform(platform))
      if (key !== undefined && (await this.#cache.record('smoke-passed', key)) === true) known.push(platform)
    }
    return known
  }

  async add(results: readonly PlatformSmoke[]): Promise<void> {
    if (!this.#isRepeatable()) return
    for (const { platform, outcome } of results) {
      const key = this.#key(platform)
      if (outcome === 'passed' && key !== undefined) await this.#cache.setRecord('smoke-passed', key, true)
    }
  }

  #isRepeatable(): boolean {
    return this.#request.probes.every(({ type }) => ['addons', 'command', 'start'].includes(type))
  }

  #key(platform: string): string | undefined {
    const digest = this.#digests.get(platform)
    if (digest === undefined) return undefined
    const patterns = (_key: string, value: unknown) => (value instanceof RegExp ? String(value) : value)
    return JSON.stringify([passVersion, platform, digest, this.#request.probes], patterns)
  }
}
