/** What the image itself says. */
import type { Finding } from '../../base/index.ts'
import type { CheckFinding } from '../check-project.ts'
import { type ChecklistLine, judged, type Verdict } from './checklist-line.ts'

/** An image, as far as the checklist looks at it. */
export interface DeployedImage {
  readonly name: string
  /** of the index, or of the lone manifest */
  readonly digest: string
  readonly platforms: readonly DeployedPlatform[]
  /** what `verify` found */
  readonly findings: readonly Finding[]
  /** platforms that the index says were started and probed before it got a name */
  readonly tested: readonly string[]
  /** platforms that the index says were published without */
  readonly untested: readonly string[]
}

export interface DeployedPlatform {
  readonly platform: string
  readonly digest: string
  readonly binaries: number
  readonly addons: number
}

export function platformsLine(image: DeployedImage, wanted: readonly string[]): ChecklistLine {
  const verdicts = wanted.map((platform): Verdict => {
    const found = image.platforms.find((candidate) => candidate.platform === platform)
    return found
      ? { state: 'done', evidence: `${platform} ${found.digest}` }
      : { state: 'not done', evidence: `${image.name} has no ${platform}` }
  })
  return judged('platforms', verdicts, {
    none: 'no platform is asked for',
    hint: 'build it for every platform: everyarch build --platform …',
  })
}

const maxErrors = 5

export function addonsLine({ platforms, findings }: DeployedImage): ChecklistLine {
  const errors = findings.filter(({ severity }) => severity === 'error')
  const sound = platforms.filter(({ platform }) => !errors.some((error) => error.platform === platform))
  const verdicts: Verdict[] = [
    ...errors.slice(0, maxErrors).map(({ rule, platform, path, message }) => ({
      state: 'not done' as const,
      evidence: [rule, platform, path, message].filter(Boolean).join('  '),
    })),
    ...(errors.length > maxErrors
      ? [{ state: 'not done' as const, evidence: `and ${errors.length - maxErrors} more` }]
      : []),
    ...sound.map(({ platform, binaries, addons }) => ({
      state: 'done' as const,
      evidence: `${platform}: ${binaries} binaries, ${addons} of them addons`,
    })),
  ]
  return judged('addons', verdicts, {
    none: 'the image has no platform that could be read',
    hint: 'everyarch verify says which file is wrong and where it comes from',
  })
}

/** Rules of `check` that say that the pipeline moves a tag before its test. */
const tooLate = new Set([
  'workflow/tag-before-test',
  'workflow/tag-not-there',
  'workflow/merge-despite-failure',
])

export function smokeLine(image: DeployedImage, findings: readonly CheckFinding[]): ChecklistLine {
  const late = findings.filter(({ rule }) => tooLate.has(rule))
  const recorded = image.tested.length + image.untested.length > 0
  const verdicts = image.platforms.map(({ platform }): Verdict => {
    if (image.tested.includes(platform)) {
      return { state: 'done', evidence: `${platform}: dev.everyarch.tested of the image index` }
    }
    if (recorded)
      return { state: 'not done', evidence: `${platform}: the image index says that it was not started` }
    return { state: 'unknown', evidence: `${platform}: the image index does not say` }
  })
  const places = late.map(
    ({ rule, source, message }): Verdict => ({
      state: 'not done',
      evidence: `${source.file}:${source.line}: ${message} (${rule})`,
    }),
  )
  // What the image says of itself is worth more than what a workflow of today would do.
  const told = image.platforms.every(({ platform }) => image.tested.includes(platform))
  return judged('smoke', told ? verdicts : [...places, ...verdicts], {
    none: 'the image has no platforms',
    hint: 'everyarch build --push and everyarch publish start each platform first and record it in the index',
  })
}
