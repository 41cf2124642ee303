/** The gate's smoke tests, from flags and configuration. */
import { parsePlatforms } from '../oci/index.ts'
import type { SmokeRequest } from '../pipeline/index.ts'
import type { Configuration } from '../project/index.ts'
import { defaultProbes, probesFromConfiguration } from '../smoke/index.ts'
import type { SmokeGateFlags } from './commands/smoke-options.ts'
import { probesOf } from './smoke/probes-of.ts'
import { runnersOf } from './smoke/runners-of.ts'

export interface SmokeDecision {
  configuration: Configuration
  /** the folder that paths of the configuration are relative to */
  root: string
  /** whether registries get the image */
  pushing: boolean
  /** take what passed before for the same bytes */
  reuse: boolean
}

/**
 * Absent: nothing is started. What is pushed is tested, unless --no-smoke; the rest when flags or configuration ask for it.
 * Throws `CodedError` `INVALID_FLAG`.
 */
export function smokeRequest(
  flags: SmokeGateFlags,
  { configuration, root, pushing, reuse }: SmokeDecision,
): SmokeRequest | undefined {
  const { smokeHttp, smokeTcp, smokeLog, smokeTimeout } = flags
  const questions = [configuration.smoke, smokeHttp, smokeTcp, smokeLog]
  const asked = flags.smoke === true || questions.some((question) => question !== undefined)
  if (flags.smoke === false || (!pushing && !asked)) return undefined
  return {
    probes: probesOf(
      [],
      {
        ...(smokeHttp ? { http: smokeHttp } : {}),
        ...(smokeTcp ? { tcp: smokeTcp } : {}),
        ...(smokeLog ? { log: smokeLog } : {}),
        ...(smokeTimeout === undefined ? {} : { timeout: smokeTimeout }),
      },
      configuration.smoke ? probesFromConfiguration(configuration.smoke, root) : defaultProbes,
      (path) => path,
    ),
    runners: runnersOf(flags.smokeRunner ?? [], configuration.runners),
    allowUntested: allowedPlatforms(flags.allowUntested ?? []),
    reuse,
  }
}

function allowedPlatforms(words: readonly string[]): SmokeRequest['allowUntested'] {
  if (words.includes('all')) return 'all'
  return words.length === 0 ? [] : parsePlatforms(words.join(','))
}
