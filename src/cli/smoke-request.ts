/** The gate's smoke tests, from flags and configuration. */
import { parsePlatforms } from '../oci/index.ts'
import type { SmokeRequest } from '../pipeline/index.ts'
import { defaultProbes } from '../smoke/index.ts'
import type { SmokeGateFlags } from './commands/smoke-options.ts'
import { probesOf } from './smoke/probes-of.ts'

export interface SmokeDecision {
  /** whether registries get the image */
  pushing: boolean
  /** take what passed before for the same bytes */
  reuse: boolean
}

/** Absent: nothing is started. What is pushed is tested, unless --no-smoke; the rest when it was asked for. */
export function smokeRequest(
  flags: SmokeGateFlags,
  { pushing, reuse }: SmokeDecision,
): SmokeRequest | undefined {
  const { smokeHttp, smokeTcp, smokeLog, smokeTimeout } = flags
  const asked = flags.smoke === true || [smokeHttp, smokeTcp, smokeLog].some((list) => list !== undefined)
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
      defaultProbes,
      (path) => path,
    ),
    runner: flags.smokeRunner,
    allowUntested: allowedPlatforms(flags.allowUntested ?? []),
    reuse,
  }
}

function allowedPlatforms(words: readonly string[]): SmokeRequest['allowUntested'] {
  if (words.includes('all')) return 'all'
  return words.length === 0 ? [] : parsePlatforms(words.join(','))
}
