/** Runs each platform of an image and probes it. */
import { type CancelOptions, mapConcurrently, type Progress, silent } from '../base/index.ts'
import { formatPlatform, parsePlatform, type Platform, samePlatform } from '../oci/index.ts'
import type { ImageReader } from '../store/index.ts'
import { type Cause, engineFaultCode } from './cause/cause.ts'
import { defaultConcurrency } from './memory.ts'
import { withNativeEvidence } from './native-evidence.ts'
import { type PlatformImage, platformImages } from './platform-image.ts'
import { defaultProbes, type Probe } from './probe.ts'
import { probePlatform } from './probe-platform.ts'
import type { Execution, Runner } from './runners/runner.ts'
import type { PlatformSmoke, SmokeReport } from './smoke-report.ts'

export interface SmokeOptions extends CancelOptions {
  /** platforms to test; all of the image when absent */
  platforms?: readonly Platform[]
  /** what is asked; default: every native addon is loaded */
  probes?: readonly Probe[]
  /** what may run the image, best first: the first that can execute a platform is taken for it */
  runners: readonly Runner[]
  /** platforms that are tested at once; default: as many as this machine has processors for, and memory for their probes */
  concurrency?: number
  progress?: Progress
}

/**
 * Tests an image platform by platform. What is found wrong is in the report, which holds every platform that was asked for; a
 * platform that nothing here can execute is `untested`. Throws `SmokeError`, the store's errors, and the signal's reason once
 * everything that was started is gone.
 */
export async function smokeImage(reader: ImageReader, options: SmokeOptions): Promise<SmokeReport> {
  const { signal, probes = defaultProbes, concurrency = defaultConcurrency(probes) } = options
  const images = await platformImages(reader, options.platforms, { signal })
  const results = await mapConcurrently(
    images,
    concurrency,
    (image) => smokePlatform(reader, image, options),
    { signal },
  )
  const platforms = withNativeEvidence(results)
  const passed = platforms.length > 0 && platforms.every(({ outcome }) => outcome === 'passed')
  return { image: reader.name, passed, platforms }
}

async function smokePlatform(
  reader: ImageReader,
  image: PlatformImage,
  options: SmokeOptions,
): Promise<PlatformSmoke> {
  const { progress = silent, signal } = options
  const platform = formatPlatform(image.platform)
  const id = `smoke ${platform}`
  const start = performance.now()
  const digest = image.manifest.descriptor.digest
  const finish = (result: Omit<PlatformSmoke, 'platform' | 'digest' | 'milliseconds'>): PlatformSmoke => {
    const report = { platform, digest, ...result, milliseconds: performance.now() - start }
    progress({ type: 'end', id, text: outcomeText(report) })
    return report
  }
  progress({ type: 'start', id, station: 'smoke', text: 'starting', platform })
  const probes = (options.probes ?? defaultProbes).filter((probe) => isMeantFor(probe, image.platform))
  if (probes.length === 0) return finish({ outcome: 'untested', reason: noProbe, probes: [] })
  const composes = probes.some(({ type }) => type === 'compose')
  let runners = options.runners
  let broken: Cause | undefined
  for (;;) {
    const chosen = await chooseRunner(runners, { platform: image.platform, composes }, { signal })
    if ('reason' in chosen)
      return finish({ outcome: 'untested', reason: broken ?? chosen.reason, probes: [] })
    const { runner, emulated } = chosen
    const results = await probePlatform(reader, image, { probes, runner, emulated, signal })
    const fault = results.find(({ cause }) => cause?.code === engineFaultCode)?.cause
    if (!fault) {
      const outcome = results.every((result) => result.outcome === 'passed') ? 'passed' : 'failed'
      return finish({ outcome, runner: runner.name, emulated, probes: results })
    }
    // An engine that starts nothing tells nothing of the image: the next one is asked.
    progress({ type: 'warning', text: `${runner.name}: ${fault.text}` })
    broken ??= fault
    runners = runners.filter((other) => other !== runner)
  }
}

const noProbe: Cause = {
  code: 'no-probe',
  text: 'no probe is meant for this platform',
  hint: 'give it one, or take its platforms out of the probes',
}

const noCompose: Cause = {
  code: 'no-compose',
  text: 'a probe runs a compose file, and no Docker engine with the compose plugin was found',
  hint: 'install Docker with docker-compose-plugin (Debian: docker-compose), or take "compose" out of the probes of this platform',
}

const noRunner: Cause = {
  code: 'no-runner',
  text: 'nothing on this machine can run it',
  hint: 'install Docker, podman, crun or runc; on Linux as root, unshare is enough',
}

function isMeantFor({ platforms }: Probe, platform: Platform): boolean {
  return platforms?.some((text) => samePlatform(parsePlatform(text), platform)) ?? true
}

interface Need {
  platform: Platform
  /** a probe runs a compose file */
  composes: boolean
}

/** A runner that was named for the platform alone, else a native one before one that emulates; then the order of the list. */
async function chooseRunner(
  runners: readonly Runner[],
  { platform, composes }: Need,
  { signal }: CancelOptions,
): Promise<{ runner: Runner; emulated: boolean } | { reason: Cause }> {
  const named = runners.filter(({ platforms }) => platforms?.some((own) => samePlatform(own, platform)))
  const able = (named.length > 0 ? named : runners.filter(({ platforms }) => !platforms)).filter(
    (runner) => runner.composes || !composes,
  )
  const offers: { runner: Runner; execution: Execution }[] = []
  for (const runner of able) offers.push({ runner, execution: await runner.execution(platform, { signal }) })
  const best =
    offers.find(({ execution }) => execution.how === 'native') ??
    offers.find(({ execution }) => execution.how === 'emulated')
  if (best) return { runner: best.runner, emulated: best.execution.how === 'emulated' }
  const refusal = offers.map(({ execution }) => execution).find((execution) => execution.how === 'impossible')
  return { reason: refusal?.cause ?? (composes ? noCompose : noRunner) }
}

function outcomeText({ platform, outcome, emulated, runner, probes, reason }: PlatformSmoke): string {
  if (outcome === 'untested') return `${platform} untested: ${reason?.text ?? ''}`
  const how = `${runner}${emulated ? ', emulated' : ''}`
  if (outcome === 'passed') return `${platform} ✓ ${probes.map(({ summary }) => summary).join(', ')} (${how})`
  return `${platform} ✗ ${probes.find(({ cause }) => cause)?.cause?.text ?? ''} (${how})`
}
