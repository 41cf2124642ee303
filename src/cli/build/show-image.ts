/** What a command says and writes about an image that went through the gate. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ImageReport, digestFileOf } from '../../pipeline/index.ts'
import { buildText, closedGateText, findingsText, smokeText } from '../../report/index.ts'
import type { CommandContext } from '../context.ts'
import { buildMetadata } from './metadata.ts'

export interface ImageFileFlags {
  metadataFile?: string
  iidfile?: string
  digestFile?: string
}

/** The files that were asked for; none of them when the gate stayed closed. */
export async function writeImageFiles(
  report: ImageReport,
  { metadataFile, iidfile, digestFile }: ImageFileFlags,
  { cwd }: CommandContext,
): Promise<void> {
  if (!report.proved) return
  const writeJson = (file: string, value: object) =>
    writeFile(resolve(cwd, file), `${JSON.stringify(value, null, 2)}\n`)
  if (iidfile) await writeFile(resolve(cwd, iidfile), report.digest)
  if (metadataFile) await writeJson(metadataFile, buildMetadata(report))
  if (digestFile) await writeJson(digestFile, digestFileOf(report))
}

export function showImage(
  report: ImageReport,
  { json }: { json?: boolean },
  { stdout, stderr, elapsed }: CommandContext,
): void {
  const { colour } = stderr
  // Notes (unused prebuilds and the like) are for `everyarch verify` and --json; a build shows what needs attention.
  const urgent = report.findings.filter(
    ({ severity, rule }) => severity !== 'info' && rule !== 'smoke/failed',
  )
  if (urgent.length > 0) stderr.write(findingsText(urgent, { colour }))
  if (report.smoke && report.findings.some(({ rule }) => rule === 'smoke/failed')) {
    stderr.write(smokeText(report.smoke, { colour }))
  }
  if (json) stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else if (report.proved) {
    stdout.write(`\n${buildText(report, { colour: stdout.colour, elapsed: elapsed() })}`)
  }
  if (!report.proved) stderr.write(closedGateText(report, { colour }))
}
