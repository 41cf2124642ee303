/** The work of `everyarch build`. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CodedError, exitCodes } from '../../base/index.ts'
import { type ImageLocation, parseImageLocation, parseReference, type Reference } from '../../oci/index.ts'
import { build as runPipeline, type BuildReport, sourceDateEpoch } from '../../pipeline/index.ts'
import { openProject } from '../../project/index.ts'
import { buildText, closedGateText, findingsText } from '../../report/index.ts'
import type { BuildFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'
import { startProgress } from '../progress.ts'
import { commandTools } from '../tools.ts'
import { flagConfiguration } from './flag-configuration.ts'
import { buildMetadata } from './metadata.ts'

/** Builds the project in `path`; resolves to the exit code. */
export async function build(path: string, flags: BuildFlags, context: CommandContext): Promise<number> {
  const { signal } = context
  const outputs = (flags.output ?? []).map((text) => outputLocation(text, context.cwd))
  const project = await openProject(resolve(context.cwd, path), {
    flags: { ...flagConfiguration(flags), ...(flags.tag ? { tags: flags.tag } : {}) },
    signal,
    ...(flags.config ? { configurationFile: flags.config } : {}),
  })
  const tags = (project.configuration.tags ?? []).map((tag) => parseReference(tag))
  checkDestinations(tags, outputs, flags)
  const { progress, stop } = startProgress(flags, context)
  const tools = await commandTools(project, flags, progress, context)
  try {
    progress({ type: 'decision', topic: 'engine', text: engineText(project.root) })
    const request = {
      project,
      tags,
      push: flags.push ?? false,
      outputs,
      reuse: flags.cache ?? true,
      mtime: sourceDateEpoch(context.env),
    }
    const report = await runPipeline(request, tools, { signal })
    stop()
    await writeFiles(report, flags, context)
    show(report, flags, context)
    return report.proved ? exitCodes.ok : exitCodes.gate
  } finally {
    stop()
    await tools.close()
  }
}

function engineText(root: string): string {
  const unused = existsSync(join(root, 'Dockerfile'))
    ? '; the Dockerfile is not used: builds from Dockerfiles are not there yet'
    : ''
  return `direct (the image is made here, without a container engine${unused})`
}

function outputLocation(text: string, cwd: string): ImageLocation {
  const location = parseImageLocation(text)
  if (location.transport === 'docker') {
    throw new CodedError('INVALID_FLAG', `--output ${text} is not a place for an image`, {
      kind: 'usage',
      hint: 'write oci:DIR, oci-archive:FILE, docker-archive:FILE or docker-daemon:REF; registries are named with --tag and --push',
    })
  }
  return 'path' in location ? { ...location, path: resolve(cwd, location.path) } : location
}

function checkDestinations(
  tags: readonly Reference[],
  outputs: readonly ImageLocation[],
  flags: BuildFlags,
): void {
  if (flags.push && tags.length === 0) {
    throw new CodedError('INVALID_FLAG', '--push needs a name to publish under', {
      kind: 'usage',
      hint: 'add --tag, such as --tag ghcr.io/acme/shop:1.4.0',
    })
  }
  const digest = tags.find((tag) => tag.digest)
  if (digest) {
    throw new CodedError('INVALID_FLAG', `--tag ${digest.repository}@${digest.digest} names a digest`, {
      kind: 'usage',
      hint: 'a digest follows from the content; give a tag',
    })
  }
}

async function writeFiles(report: BuildReport, flags: BuildFlags, { cwd }: CommandContext): Promise<void> {
  if (!report.proved) return
  if (flags.iidfile) await writeFile(resolve(cwd, flags.iidfile), report.digest)
  if (flags.metadataFile) {
    await writeFile(resolve(cwd, flags.metadataFile), `${JSON.stringify(buildMetadata(report), null, 2)}\n`)
  }
}

function show(report: BuildReport, flags: BuildFlags, { stdout, stderr, elapsed }: CommandContext): void {
  // Notes (unused prebuilds and the like) are for `everyarch verify` and --json; a build shows what needs attention.
  const urgent = report.findings.filter((finding) => finding.severity !== 'info')
  if (urgent.length > 0) stderr.write(findingsText(urgent, { colour: stderr.colour }))
  if (flags.json) stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else if (report.proved)
    stdout.write(`\n${buildText(report, { colour: stdout.colour, elapsed: elapsed() })}`)
  if (!report.proved) stderr.write(closedGateText(report, { colour: stderr.colour }))
}
