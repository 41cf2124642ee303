/** The work of `everyarch check`: files in, findings out, fixes written. */
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type CancelOptions, CodedError, codeOf, exitCodes, messageOf } from '../../base/index.ts'
import {
  type Baseline,
  type CheckOptions,
  type CheckReport,
  checkFiles,
  fixFiles,
  parseBaseline,
  rules,
  toBaseline,
  toProjectFile,
} from '../../checks/index.ts'
import { formatPlatform, parsePlatform } from '../../oci/index.ts'
import { type PackageJson, readConfiguration, readPackageJson } from '../../project/index.ts'
import { type CheckTextInput, checkText, githubAnnotations, sarifText } from '../../report/index.ts'
import type { CheckFlags } from '../commands/check.ts'
import type { CommandContext } from '../context.ts'
import { version } from '../version.ts'
import { type ProjectFiles, readFiles } from './read-files.ts'

const baselineFile = '.everyarch-baseline.json'

export async function check(path: string, flags: CheckFlags, context: CommandContext): Promise<number> {
  const { signal, stdout, stderr } = context
  const project = await readFiles(resolve(context.cwd, path), context.cwd, { signal })
  const options = await optionsOf(project, flags, context)
  if (flags.writeBaseline) return writeBaseline(project, options, flags, context)
  const { report, texts, fixed } = flags.fix
    ? await fix(project, options)
    : { report: checkFiles(project.texts, options), texts: project.texts, fixed: undefined }
  const skipped = [...report.skipped, ...project.skipped]
  const input = { ...report, skipped, texts, ...(fixed ? { fixed } : {}) }
  const format = flags.json ? 'json' : flags.format
  stdout.write(rendered(input, format, context))
  if (format !== 'text' && format !== 'json')
    for (const { file, reason } of skipped) stderr.write(`${file} was skipped: ${reason}\n`)
  return exitCodeFor(report, flags)
}

async function fix(
  project: ProjectFiles,
  options: CheckOptions,
): Promise<{ report: CheckReport; texts: Map<string, string>; fixed: NonNullable<CheckTextInput['fixed']> }> {
  const { changed, fixed, report } = fixFiles(project.texts, options)
  for (const [file, text] of changed) await writeText(join(project.root, file), text)
  return {
    report,
    texts: new Map([...project.texts, ...changed]),
    fixed: { findings: fixed, files: [...changed.keys()] },
  }
}

function rendered(
  input: CheckTextInput & CheckReport,
  format: CheckFlags['format'],
  { stdout }: CommandContext,
): string {
  switch (format) {
    case 'json': {
      const { findings, ignored, skipped, files, fixed } = input
      return `${JSON.stringify({ findings, ignored, skipped, files, ...(fixed ? { fixed } : {}) }, null, 2)}\n`
    }
    case 'sarif':
      return sarifText(input.findings, { name: 'everyarch', version, rules })
    case 'github':
      return githubAnnotations(input.findings)
    default:
      return checkText(input, { colour: stdout.colour, columns: stdout.columns })
  }
}

function exitCodeFor({ findings }: CheckReport, { maxWarnings }: CheckFlags): number {
  const number = (severity: string) => findings.filter((finding) => finding.severity === severity).length
  const tooMany = maxWarnings !== undefined && number('warning') > maxWarnings
  return number('error') > 0 || tooMany ? exitCodes.gate : exitCodes.ok
}

async function optionsOf(
  project: ProjectFiles,
  flags: CheckFlags,
  { signal, cwd }: CommandContext,
): Promise<CheckOptions> {
  const { configuration } = await readConfiguration(project.root, {
    packageJson: await manifestOf(project, { signal }),
    signal,
    ...(flags.config ? { file: resolve(cwd, flags.config) } : {}),
  })
  const platforms =
    flags.platform?.map((platform) => formatPlatform(parsePlatform(platform))) ?? configuration.platforms
  const baseline = flags.writeBaseline ? undefined : await readBaseline(project, flags, cwd)
  return {
    ...(platforms ? { platforms } : {}),
    ...(configuration.check?.ignore ? { ignore: configuration.check.ignore } : {}),
    ...(baseline ? { baseline } : {}),
    ...(project.only === undefined ? {} : { only: project.only }),
  }
}

/** A package.json that cannot be read is a finding, not the end: the configuration then stands elsewhere or nowhere. */
async function manifestOf(project: ProjectFiles, options: CancelOptions): Promise<PackageJson> {
  const nothing: PackageJson = {
    file: 'package.json',
    document: {},
    type: 'commonjs',
    bin: {},
    scripts: {},
    workspaces: [],
    engines: {},
  }
  return readPackageJson(project.root, '', options).catch(() => nothing)
}

async function readBaseline(
  project: ProjectFiles,
  flags: CheckFlags,
  cwd: string,
): Promise<Baseline | undefined> {
  const path = baselinePath(project, flags, cwd)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (flags.baseline === undefined && codeOf(cause) === 'ENOENT') return undefined
    throw new CodedError(
      'CHECK_BASELINE_UNREADABLE',
      `the baseline ${path} cannot be read: ${messageOf(cause)}`,
      {
        kind: 'usage',
        hint: 'write it with --write-baseline, or leave --baseline out',
        cause,
      },
    )
  }
  return parseBaseline(text, path)
}

function baselinePath(project: ProjectFiles, { baseline }: CheckFlags, cwd: string): string {
  return baseline === undefined ? join(project.root, baselineFile) : resolve(cwd, baseline)
}

async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (cause) {
    throw new CodedError('CHECK_WRITE_FAILED', `${path} cannot be written: ${messageOf(cause)}`, {
      kind: 'environment',
      cause,
    })
  }
}

async function writeBaseline(
  project: ProjectFiles,
  options: CheckOptions,
  flags: CheckFlags,
  { cwd, stdout }: CommandContext,
): Promise<number> {
  const { findings } = checkFiles(project.texts, options)
  const files = new Map([...project.texts].map(([path, text]) => [path, toProjectFile(path, text)]))
  const path = baselinePath(project, flags, cwd)
  await writeText(path, `${JSON.stringify(toBaseline(findings, files), null, 2)}\n`)
  stdout.write(`${path}: ${findings.length} findings are ignored from now on\n`)
  return exitCodes.ok
}
