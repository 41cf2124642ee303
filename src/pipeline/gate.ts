/** The gate: every binary in the layers that we add is checked against its platform before anything gets a name. */
import { type CancelOptions, type Finding, type Progress, sortFindings } from '../base/index.ts'
import type { UnpublishedImage } from '../engines/direct/index.ts'
import type { Project } from '../project/index.ts'
import type { ContentCache } from '../store/index.ts'

export interface Proof {
  /** whether the image may be published: no finding of severity error */
  open: boolean
  findings: Finding[]
  /** findings that the configuration told to ignore */
  ignored: number
}

export interface GateTools {
  cache: ContentCache
  progress: Progress
}

/** Findings of the engine and of `verify`; an error among them closes the gate. */
export async function proveImage(
  image: UnpublishedImage,
  _project: Project,
  { progress }: GateTools,
  _options: CancelOptions,
): Promise<Proof> {
  progress({ type: 'start', id: 'verify', station: 'verify', text: 'binaries' })
  const findings = sortFindings(image.findings)
  progress({ type: 'end', id: 'verify', text: 'nothing yet' })
  return { open: findings.every((finding) => finding.severity !== 'error'), findings, ignored: 0 }
}
