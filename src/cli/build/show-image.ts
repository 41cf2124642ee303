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

/**
 * The files that were asked for; none of them when the gate stayed closed. Of several images, targets of a bake file, the
 * metadata file has an entry for each.
 */
export async function writeImageFiles(
  reports: ReadonlyMap<string, ImageReport>,
  { metadataFile, iidfile, digestFile }: ImageFileFlags,
  { cwd }: CommandContext,
): Promise<void> {
  const [report, ...others] = reports.values()
  if (!report || ![report, ...others].every(({ proved }) => proved)) return
  const writeJson = (file: string, value: object) =>
    writeFile(resolve(cwd, file), `${JSON.stringify(value, null, 2)}\n`)
  const metadata = [...reports].map(([name, each]) => [name, buildMetadata(each)] as const)
  if (iidfile) await writeFile(resolve(cwd, iidfile), report.digest)
  if (metadataFile)
    await writeJson(metadataFile, others.length === 0 ? buildMetadata(report) : Object.fromEntries(metadata))
  if (digestFile) await writeJson(digestFile, digestFileOf(report))
}

/** What became of the images of one road, by the names of their targets. */
export function showImages(
  reports: ReadonlyMap<string, ImageReport>,
  flags: { json?: boolean },
  context: CommandContext,
): void {
  const [only, ...others] = reports.values()
  if (only && others.length === 0) return showImage(only, flags, context)
  const { stdout, stderr } = context
  const closed = [...reports].filter(([, { proved }]) => !proved).map(([name]) => name)
  for (const [name, report] of reports) {
    if (flags.json) showFindings(report, context)
    else if (closed.length === 0 || !report.proved) {
      stderr.write(`\n${name}\n`)
      showImage(report, flags, context)
    }
  }
  if (flags.json)
    stdout.write(
      `${JSON.stringify({ proved: closed.length === 0, targets: Object.fromEntries(reports) }, null, 2)}\n`,
    )
  if (closed.length > 0)
    stderr.write(`nothing of any target was published: ${closed.join(', ')} not proved\n`)
}

export function showImage(report: ImageReport, { json }: { json?: boolean }, context: CommandContext): void {
  const { stdout, stderr, elapsed } = context
  showFindings(report, context)
  if (json) stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else if (report.proved) {
    stdout.write(`\n${buildText(report, { colour: stdout.colour, elapsed: elapsed() })}`)
  }
  if (!report.proved) stderr.write(closedGateText(report, { colour: stderr.colour }))
}

function showFindings(report: ImageReport, { stderr }: CommandContext): void {
  const { colour } = stderr
  // Notes (unused prebuilds and the like) are for `everyarch verify` and --json; a build shows what needs attention.
  const urgent = report.findings.filter(
    ({ severity, rule }) => severity !== 'info' && rule !== 'smoke/failed',
  )
  if (urgent.length > 0) stderr.write(findingsText(urgent, { colour }))
  if (report.smoke && report.findings.some(({ rule }) => rule === 'smoke/failed')) {
    stderr.write(smokeText(report.smoke, { colour }))
  }
}
