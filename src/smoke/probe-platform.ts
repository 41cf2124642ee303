/** All probes of one platform, on one runner. */
import { assertNever, type CancelOptions } from '../base/index.ts'
import { formatPlatform } from '../oci/index.ts'
import type { ImageReader } from '../store/index.ts'
import { findAddons } from './addons/find-addons.ts'
import { pickAddons } from './addons/pick-addons.ts'
import { memoryOf } from './memory.ts'
import type { PlatformImage } from './platform-image.ts'
import { type Probe, probeText, timeoutOf } from './probe.ts'
import { loadAddonsProbe } from './probes/load-addons.ts'
import { runCommandProbe } from './probes/run-command.ts'
import { runComposeProbe } from './probes/run-compose.ts'
import { startServiceProbe } from './probes/start-service.ts'
import type { Trial, TrialOutcome } from './probes/trial.ts'
import { noticingCrashes } from './runners/noticing-crashes.ts'
import type { PreparedImage, Runner } from './runners/runner.ts'
import { SmokeError, type SmokeErrorCode } from './smoke-error.ts'
import type { ProbeResult } from './smoke-report.ts'

export interface PlatformProbes extends CancelOptions {
  probes: readonly Probe[]
  runner: Runner
  emulated: boolean
}

/** Runs the probes one after another; a failed one does not keep the others from being run. */
export async function probePlatform(
  reader: ImageReader,
  image: PlatformImage,
  { probes, runner, emulated, signal }: PlatformProbes,
): Promise<ProbeResult[]> {
  const wantsAddons = probes.some(({ type }) => type === 'addons')
  const found = wantsAddons ? await findAddons(reader, image, { signal }) : []
  const context = {
    image,
    platform: formatPlatform(image.platform),
    emulated,
    addons: pickAddons(found, image.platform),
  }
  await using loaded = await runner.prepare(reader, image, { signal })
  const prepared = emulated ? noticingCrashes(loaded) : loaded
  const results: ProbeResult[] = []
  for (const probe of probes) results.push(await repeated(probe, { ...context, prepared }, { signal }))
  return results
}

/** A probe with its retries; what the last attempt found counts. */
async function repeated(
  probe: Probe,
  context: Omit<Trial, 'timeout' | 'env' | 'readOnly' | 'memory'> & { prepared: PreparedImage },
  { signal }: CancelOptions,
): Promise<ProbeResult> {
  const trial: Trial = {
    ...context,
    timeout: timeoutOf(probe, context.emulated),
    env: probe.env ?? {},
    readOnly: probe.readOnly ?? false,
    memory: memoryOf(probe),
  }
  const start = performance.now()
  for (let attempts = 1; ; attempts++) {
    const { summary, cause, log, addons } = await attempt(probe, trial, { signal })
    if (cause && attempts <= (probe.retries ?? 0)) continue
    return {
      type: probe.type,
      probe: probeText(probe),
      outcome: cause ? 'failed' : 'passed',
      summary,
      ...(cause ? { cause } : {}),
      attempts,
      milliseconds: performance.now() - start,
      log: [...log],
      ...(addons ? { addons } : {}),
    }
  }
}

/** An image that cannot even be started is a finding, like one that ends too early. */
async function attempt(probe: Probe, trial: Trial, options: CancelOptions): Promise<TrialOutcome> {
  try {
    return await probed(probe, trial, options)
  } catch (error) {
    // What was asked cannot be asked: no finding of the image.
    if (!(error instanceof SmokeError) || error.code === 'INVALID_PROBE') throw error
    const cause = { code: codes[error.code] ?? 'not-started', text: error.message, hint: error.hint ?? '' }
    return { summary: probeText(probe), cause, log: [] }
  }
}

const codes: Partial<Record<SmokeErrorCode, string>> = {
  IMAGE_UNUSABLE: 'image-unusable',
  PORT_IN_USE: 'port-in-use',
}

function probed(probe: Probe, trial: Trial, options: CancelOptions): Promise<TrialOutcome> {
  switch (probe.type) {
    case 'command':
      return runCommandProbe(probe, trial, options)
    case 'start':
      return startServiceProbe(probe, trial, options)
    case 'compose':
      return runComposeProbe(probe, trial, options)
    case 'addons':
      return loadAddonsProbe(trial, options)
    default:
      return assertNever(probe)
  }
}
