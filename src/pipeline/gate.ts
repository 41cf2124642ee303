/** The gate: the files that we add to the base are checked against their platform before anything gets a name. */
import {
  type CancelOptions,
  type Finding,
  type Progress,
  type ProgressEvent,
  sortFindings,
} from '../base/index.ts'
import type { UnpublishedImage } from '../engines/direct/index.ts'
import type { Project } from '../project/index.ts'
import type { ContentCache } from '../store/index.ts'
import { applyIgnore, verifyImage, type VerifyReport } from '../verify/index.ts'

export interface Proof {
  /** whether the image may be published: no finding of severity error */
  open: boolean
  findings: Finding[]
  /** number of findings that the configuration told to ignore */
  ignored: number
}

export interface GateTools {
  cache: ContentCache
  progress: Progress
}

/** Findings of the engine and of `verify`; an error among them closes the gate. */
export async function proveImage(
  image: UnpublishedImage,
  project: Project,
  { cache, progress }: GateTools,
  { signal }: CancelOptions,
): Promise<Proof> {
  const ignore = project.configuration.verify?.ignore ?? []
  const report = await verifyImage(image.reader, {
    platforms: image.platforms,
    trustedLayers: image.baseDiffIds,
    records: cache,
    ignore,
    signal,
    progress: (event) => event.type !== 'end' && progress(renamed(event)),
  })
  progress({ type: 'end', id: 'verify', text: verdictText(report) })
  const own = applyIgnore(image.findings, ignore)
  const findings = sortFindings([...own.remaining, ...report.findings])
  return {
    open: findings.every((finding) => finding.severity !== 'error'),
    findings,
    ignored: report.counts.ignored + image.findings.length - own.remaining.length,
  }
}

function renamed(event: ProgressEvent): ProgressEvent {
  return event.type === 'start' ? { ...event, text: 'binaries' } : event
}

/** `linux/amd64 ✓ 41 binaries   linux/arm64 ✗` */
function verdictText({ platforms, findings }: VerifyReport): string {
  return platforms
    .map(({ platform, content }) => {
      const bad = findings.some(
        (finding) => finding.severity === 'error' && (finding.platform ?? platform) === platform,
      )
      return bad ? `${platform} ✗` : `${platform} ✓ ${content?.binaries ?? 0} binaries`
    })
    .join('   ')
}
