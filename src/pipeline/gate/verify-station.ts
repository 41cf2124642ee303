/** The gate's first station: the files that are added to the base are checked against their platform, from their bytes. */
import type { CancelOptions, Finding, Progress, ProgressEvent } from '../../base/index.ts'
import { type Platform, samePlatform } from '../../oci/index.ts'
import type { ContentCache, UnpublishedImage } from '../../store/index.ts'
import { applyIgnore, type IgnoreEntry, verifyImage, type VerifyReport } from '../../verify/index.ts'

export interface VerifyStationOptions extends CancelOptions {
  ignore: readonly IgnoreEntry[]
  /** platforms whose binaries were proved elsewhere, for the same digest */
  verifiedBefore: readonly Platform[]
}

export interface Verdict {
  findings: Finding[]
  /** number of findings that the configuration told to ignore */
  ignored: number
}

/** Findings of the engine and of `verify`. */
export async function verifyStation(
  image: UnpublishedImage,
  { cache, progress }: { cache: ContentCache; progress: Progress },
  { ignore, verifiedBefore, signal }: VerifyStationOptions,
): Promise<Verdict> {
  const report = await verifyImage(image.reader, {
    platforms: image.platforms.filter(
      (platform) => !verifiedBefore.some((known) => samePlatform(known, platform)),
    ),
    requirePlatforms: image.platforms,
    trustedLayers: image.baseDiffIds,
    records: cache,
    ignore,
    signal,
    progress: (event) => event.type !== 'end' && progress(renamed(event)),
  })
  progress({ type: 'end', id: 'verify', text: verdictText(report, verifiedBefore.length) })
  const own = applyIgnore(image.findings, ignore)
  return {
    findings: [...own.remaining, ...report.findings],
    ignored: report.counts.ignored + image.findings.length - own.remaining.length,
  }
}

function renamed(event: ProgressEvent): ProgressEvent {
  return event.type === 'start' ? { ...event, text: 'binaries' } : event
}

/** `linux/amd64 ✓ 41 binaries   linux/arm64 ✗` */
function verdictText({ platforms, findings }: VerifyReport, before: number): string {
  const verdicts = platforms.map(({ platform, content }) => {
    const bad = findings.some(
      (finding) => finding.severity === 'error' && (finding.platform ?? platform) === platform,
    )
    return bad ? `${platform} ✗` : `${platform} ✓ ${content?.binaries ?? 0} binaries`
  })
  return [...verdicts, ...(before > 0 ? [`${before} verified before`] : [])].join('   ')
}
