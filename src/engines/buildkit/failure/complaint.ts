/** What is known of a failed build before it is put into words, and the error that the words become. */
import type { Platform } from '../../../oci/index.ts'
import { BuildkitError, type BuildkitErrorCode } from '../buildkit-error.ts'
import type { RunningStep } from '../progress/timeline.ts'
import type { SourcePlace } from './source-excerpt.ts'

export interface FailedBuild {
  /** what buildx printed besides progress, the last of it */
  lines: readonly string[]
  /** the step that failed, where one did */
  step: RunningStep | undefined
  /** the Dockerfile's name for people */
  file: string
  platforms: readonly Platform[]
}

export interface Complaint extends FailedBuild {
  /** BuildKit's message without its prefixes */
  message: string
  place: SourcePlace | undefined
  /** `Dockerfile:3: `, or nothing */
  at: string
}

/** A coded error with the place in its details and the marked lines at the top of its hint. */
export function failure(
  { place, step, file }: Complaint,
  code: BuildkitErrorCode,
  message: string,
  kind: 'gate' | 'usage' | 'environment',
  hint: readonly string[] = [],
): BuildkitError {
  const shown = (place?.marked ?? []).slice(0, 6).map((line, index) => {
    const number = String((place?.line ?? 0) + index).padStart(4)
    return `${number} | ${line}`
  })
  return new BuildkitError(code, message, {
    kind,
    hint: [...shown, ...hint].join('\n'),
    details: {
      ...(place ? { file, line: place.line } : {}),
      ...(step?.platform ? { platform: step.platform } : {}),
      ...(step ? { step: step.name, emulated: step.emulated, output: step.log } : {}),
    },
  })
}
