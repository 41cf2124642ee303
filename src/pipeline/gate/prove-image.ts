/** The gate: nothing gets a name before its binaries fit their platforms and each platform's image was started and probed. */
import { type CancelOptions, type Finding, sortFindings } from '../../base/index.ts'
import { formatPlatform, type Platform } from '../../oci/index.ts'
import type { SmokeReport } from '../../smoke/index.ts'
import type { UnpublishedImage } from '../../store/index.ts'
import type { IgnoreEntry } from '../../verify/index.ts'
import type { Timed } from '../stopwatch.ts'
import { type SmokeRequest, smokeStation, type SmokeStationTools } from './smoke-station.ts'
import { verifyStation } from './verify-station.ts'

export interface Proof {
  /** whether the image may be published: no finding of severity error */
  open: boolean
  findings: Finding[]
  /** number of findings that the configuration told to ignore */
  ignored: number
  /** platforms whose smoke test passed */
  tested: string[]
  /** platforms that go out untested because the user said so */
  untested: string[]
  smoke?: SmokeReport
}

export interface ProofRequest {
  ignore: readonly IgnoreEntry[]
  /** absent: nothing is started */
  smoke?: SmokeRequest
  /** whether an image that nobody started is one that the user let through: he publishes it */
  recordUntested: boolean
  /** platforms that other machines vouch for, digest by digest */
  verifiedBefore?: readonly Platform[]
  testedBefore?: readonly Platform[]
}

/** Verifies, then tests what was found sound. A closed gate is no failure: it is a proof with findings of severity error. */
export async function proveImage(
  image: UnpublishedImage,
  request: ProofRequest,
  tools: SmokeStationTools,
  { timed, signal }: CancelOptions & { timed: Timed },
): Promise<Proof> {
  const { ignore, smoke, verifiedBefore = [], testedBefore = [] } = request
  const verdict = await timed('verify', () => verifyStation(image, tools, { ignore, verifiedBefore, signal }))
  const passedBefore = testedBefore.map(formatPlatform)
  const closed = { ...verdict, open: false, tested: passedBefore, untested: [] }
  if (hasErrors(verdict.findings)) return { ...closed, findings: sortFindings(verdict.findings) }
  if (!smoke) {
    const untested = image.platforms.map(formatPlatform).filter((name) => !passedBefore.includes(name))
    return { ...closed, open: true, untested: request.recordUntested ? untested : [] }
  }
  const tests = await timed('smoke', () => smokeStation(image, smoke, tools, { testedBefore, signal }))
  const findings = sortFindings([...verdict.findings, ...tests.findings])
  return { ...verdict, ...tests, findings, open: !hasErrors(findings) }
}

function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error')
}
