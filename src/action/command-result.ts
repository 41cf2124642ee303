/** What a command's JSON report means for the step: its outputs, its annotations, its part of the job's summary, its text. */
import { posix } from 'node:path'
import { type Finding, InternalError } from '../base/index.ts'
import type { ChecklistLine } from '../checks/index.ts'
import type { ImageReport } from '../pipeline/index.ts'
import {
  buildText,
  checklistSummary,
  checklistText,
  checkSummary,
  countText,
  failureSummary,
  githubAnnotations,
  imageSummary,
  placedFindings,
  smokeSummary,
  smokeText,
  verifySummary,
  verifyText,
  workflowCommand,
} from '../report/index.ts'
import type { SmokeReport } from '../smoke/index.ts'
import type { VerifyReport } from '../verify/index.ts'

export interface CommandResult {
  /** workflow commands that show the findings */
  readonly annotations: string
  /** the result as text, for the log */
  readonly text: string
  /** Markdown */
  readonly summary: string
  readonly outputs: Readonly<Record<string, string>>
}

export interface ResultOptions {
  /** milliseconds that the command took */
  readonly elapsed: number
  /** the folder that `check` looked at, relative to the workspace, with `/` */
  readonly folder: string
}

interface Failure {
  error: { code: string; message: string; hint?: string }
}

/** Reads the report of a command; a command that failed tells of its failure in the same way. */
export function commandResult(command: string, stdout: string, options: ResultOptions): CommandResult {
  const report = parsed(command, stdout)
  if (isFailure(report)) return failureResult(command, report)
  switch (command) {
    case 'build':
    case 'publish':
      return imageResult(command, report as ImageReport, options)
    case 'verify':
      return verifyResult((report as { images: VerifyReport[] }).images)
    case 'smoke':
      return smokeResult(report as SmokeReport)
    case 'check':
      if (isChecklist(report)) return checklistResult(report)
      return checkResult(report as { findings: Finding[]; files: number }, options)
    default:
      throw new InternalError(`the action cannot read the report of ${command}`)
  }
}

function parsed(command: string, stdout: string): unknown {
  try {
    return JSON.parse(stdout)
  } catch {
    // The command line refuses its arguments before it knows that a report is wanted: the log says why.
    const message = `everyarch ${command} ended without a report: see its log`
    return { error: { code: 'NO_REPORT', message } } satisfies Failure
  }
}

function isFailure(report: unknown): report is Failure {
  return typeof report === 'object' && report !== null && 'error' in report
}

function failureResult(command: string, { error }: Failure): CommandResult {
  const message = error.hint ? `${error.message}\n${error.hint}` : error.message
  return {
    annotations: workflowCommand('error', { title: `everyarch ${command}: ${error.code}` }, message),
    text: '',
    summary: failureSummary(command, error),
    outputs: {},
  }
}

function imageResult(command: string, report: ImageReport, { elapsed }: ResultOptions): CommandResult {
  const urgent = report.findings.filter(({ severity }) => severity !== 'info')
  const published = report.published.map(({ reference }) => reference)
  const { digest, platforms, proved } = report
  return {
    annotations: githubAnnotations(placedFindings(urgent, published[0] ?? digest)),
    // The command has said why the gate stayed closed.
    text: proved ? buildText(report, { colour: true, elapsed }) : '',
    summary: imageSummary(command, report),
    // The digest of an image that was refused is no output: nothing may come of it by mistake.
    outputs: proved ? { digest, tags: published.join('\n'), platforms: platformsOutput(platforms) } : {},
  }
}

function verifyResult(reports: readonly VerifyReport[]): CommandResult {
  const [report] = reports
  const placed = reports.flatMap(({ findings, image }) => placedFindings(findings, image))
  const alone = reports.length === 1 ? report : undefined
  return {
    annotations: githubAnnotations(placed.filter(({ severity }) => severity !== 'info')),
    text: reports.map((each) => verifyText(each, { colour: true })).join('\n'),
    summary: verifySummary(reports),
    outputs: alone ? { digest: alone.digest, platforms: platformsOutput(alone.platforms) } : {},
  }
}

function smokeResult(report: SmokeReport): CommandResult {
  const failed = report.platforms.filter(({ outcome }) => outcome !== 'passed')
  const annotations = failed.map(({ platform, outcome, reason, probes }) => {
    const causes = [reason, ...probes.map(({ cause }) => cause)].flatMap((cause) => (cause ? [cause] : []))
    const text = causes.map((cause) => `${cause.text}\n${cause.hint}`).join('\n') || outcome
    return workflowCommand('error', { title: `smoke: ${platform}` }, `${report.image}, ${platform}: ${text}`)
  })
  return {
    annotations: annotations.join(''),
    text: smokeText(report, { colour: true }),
    summary: smokeSummary(report),
    outputs: { platforms: platformsOutput(report.platforms) },
  }
}

/** Annotations stand at lines of the repository, so paths have to start there. */
function checkResult(
  report: { findings: Finding[]; files: number },
  { folder }: ResultOptions,
): CommandResult {
  const findings = report.findings.map((finding) => {
    const { source } = finding
    return source ? { ...finding, source: { ...source, file: posix.join(folder, source.file) } } : finding
  })
  const total = findings.length === 0 ? 'no findings' : countText(findings)
  return {
    annotations: githubAnnotations(findings),
    text: `${total} in ${report.files} files\n`,
    summary: checkSummary({ findings, files: report.files }),
    outputs: {},
  }
}

interface Checklist {
  image: string
  digest: string
  checklist: ChecklistLine[]
}

function isChecklist(report: unknown): report is Checklist {
  return typeof report === 'object' && report !== null && 'checklist' in report
}

function checklistResult({ image, digest, checklist }: Checklist): CommandResult {
  const open = checklist.filter(({ state }) => state === 'not done')
  const annotations = open.map(({ title, evidence, hint }) =>
    workflowCommand(
      'error',
      { title: `not done: ${title}` },
      [...evidence, ...(hint ? [hint] : [])].join('\n'),
    ),
  )
  return {
    annotations: annotations.join(''),
    text: checklistText(checklist, { image, digest, colour: true }),
    summary: checklistSummary(image, checklist),
    outputs: { digest },
  }
}

function platformsOutput(platforms: readonly { platform: string; digest: string }[]): string {
  return JSON.stringify(platforms.map(({ platform, digest }) => ({ platform, digest })))
}
