/** The work of `everyarch check`: files in, findings out, fixes written. */
import { homedir } from 'node:os'
import { join, posix, relative, resolve, sep } from 'node:path'
import { exitCodes } from '../../base/index.ts'
import {
  baseReferences,
  type CheckOptions,
  type CheckReport,
  checkFiles,
  fixFiles,
  rules,
  toBaseline,
  toProjectFile,
} from '../../checks/index.ts'
import { type CheckTextInput, checkText, githubAnnotations } from '../../report/index.ts'
import { openStores, storeSettingsFrom } from '../../store/index.ts'
import type { CheckFlags } from '../commands/check.ts'
import type { CommandContext } from '../context.ts'
import { sarifOf } from '../sarif.ts'
import { version } from '../version.ts'
import { basePlatforms } from './base-platforms.ts'
import { type CheckSettings, readSettings } from './check-settings.ts'
import { type ProjectFiles, readFiles } from './read-files.ts'
import { writeText } from './write-text.ts'

type Outcome = CheckReport & CheckTextInput

export async function check(path: string, flags: CheckFlags, context: CommandContext): Promise<number> {
  const { signal, stdout, stderr, cwd } = context
  const project = await readFiles(resolve(cwd, path), cwd, { signal })
  const settings = await readSettings(project, flags, context)
  if (flags.deploy !== undefined) {
    const { deploy } = await import('./deploy.ts')
    return deploy(flags.deploy, flags, { files: project, settings }, context)
  }
  const options = flags.online ? await askRegistries(project, settings, context) : settings.options
  if (flags.writeBaseline) return writeBaseline(project, options, settings.baselineFile, context)
  const outcome = flags.fix ? await fix(project, options) : plainCheck(project, options)
  const format = flags.json ? 'json' : flags.format
  stdout.write(
    await rendered(
      format === 'sarif' || format === 'github' ? placedFrom(cwd, project.root, outcome) : outcome,
      format,
      context,
    ),
  )
  if (format === 'sarif' || format === 'github') {
    for (const { file, reason } of outcome.skipped) stderr.write(`${file} was skipped: ${reason}\n`)
  }
  return exitCodeFor(outcome, flags)
}

/** Code scanning and annotations look for files from the folder in which the command runs, the root of the repository. */
function placedFrom(cwd: string, root: string, outcome: Outcome): Outcome {
  const folder = relative(cwd, root).split(sep).join('/')
  const findings = outcome.findings.map((finding) => ({
    ...finding,
    source: { ...finding.source, file: posix.join(folder, finding.source.file) },
  }))
  return { ...outcome, findings }
}

function plainCheck({ texts, skipped }: ProjectFiles, options: CheckOptions): Outcome {
  const report = checkFiles(texts, options)
  return { ...report, skipped: [...report.skipped, ...skipped], texts }
}

async function fix({ root, texts, skipped }: ProjectFiles, options: CheckOptions): Promise<Outcome> {
  const { changed, fixed, report } = fixFiles(texts, options)
  for (const [file, text] of changed) await writeText(join(root, file), text)
  return {
    ...report,
    skipped: [...report.skipped, ...skipped],
    texts: new Map([...texts, ...changed]),
    fixed: { findings: fixed, files: [...changed.keys()] },
  }
}

/** Adds what the registries of the base images say; those that do not answer are named, and nothing is assumed of them. */
async function askRegistries(
  { texts }: ProjectFiles,
  { options, insecureRegistries }: CheckSettings,
  { env, stderr, signal }: CommandContext,
): Promise<CheckOptions> {
  const userAgent = `everyarch/${version}`
  const stores = openStores({ ...storeSettingsFrom(env, homedir()), insecureRegistries, userAgent })
  try {
    const { offered, unanswered } = await basePlatforms(baseReferences(texts, options), stores, { signal })
    for (const { reference, reason } of unanswered) stderr.write(`${reference} was not checked: ${reason}\n`)
    return { ...options, basePlatforms: offered }
  } finally {
    await stores.close()
  }
}

async function rendered(
  outcome: Outcome,
  format: CheckFlags['format'],
  { stdout }: CommandContext,
): Promise<string> {
  switch (format) {
    case 'json': {
      const { findings, ignored, skipped, files, fixed } = outcome
      return `${JSON.stringify({ findings, ignored, skipped, files, ...(fixed ? { fixed } : {}) }, null, 2)}\n`
    }
    case 'sarif':
      return sarifOf(outcome.findings, 'check', rules)
    case 'github':
      return githubAnnotations(outcome.findings)
    default:
      return checkText(outcome, { colour: stdout.colour, columns: stdout.columns })
  }
}

function exitCodeFor({ findings }: CheckReport, { maxWarnings }: CheckFlags): number {
  const number = (severity: string) => findings.filter((finding) => finding.severity === severity).length
  const tooMany = maxWarnings !== undefined && number('warning') > maxWarnings
  return number('error') > 0 || tooMany ? exitCodes.gate : exitCodes.ok
}

async function writeBaseline(
  { texts }: ProjectFiles,
  options: CheckOptions,
  path: string,
  { stdout }: CommandContext,
): Promise<number> {
  const { findings } = checkFiles(texts, options)
  const files = new Map([...texts].map(([file, text]) => [file, toProjectFile(file, text)]))
  await writeText(path, `${JSON.stringify(toBaseline(findings, files), null, 2)}\n`)
  stdout.write(`${path}: ${findings.length} findings are ignored from now on\n`)
  return exitCodes.ok
}
