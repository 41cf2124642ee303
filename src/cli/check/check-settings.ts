/** What `check` is told: by flags, by the configuration, by the baseline. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type CancelOptions, CodedError, codeOf, messageOf } from '../../base/index.ts'
import { type Baseline, type CheckOptions, parseBaseline } from '../../checks/index.ts'
import { formatPlatform, parsePlatform } from '../../oci/index.ts'
import { type PackageJson, readConfiguration, readPackageJson } from '../../project/index.ts'
import type { CheckFlags } from '../commands/check.ts'
import type { CommandContext } from '../context.ts'
import type { ProjectFiles } from './read-files.ts'

export interface CheckSettings {
  options: CheckOptions
  baselineFile: string
  insecureRegistries: readonly string[]
}

/** Throws `ProjectError`, `OciError`, `ChecksError` or `CHECK_BASELINE_UNREADABLE`. */
export async function readSettings(
  project: ProjectFiles,
  flags: CheckFlags,
  { signal, cwd }: CommandContext,
): Promise<CheckSettings> {
  const { configuration } = await readConfiguration(project.root, {
    packageJson: await manifestOf(project, { signal }),
    signal,
    ...(flags.config ? { file: resolve(cwd, flags.config) } : {}),
  })
  const given = flags.platform?.map((platform) => formatPlatform(parsePlatform(platform)))
  const platforms = given ?? configuration.platforms
  const baselineFile =
    flags.baseline === undefined
      ? join(project.root, '.everyarch-baseline.json')
      : resolve(cwd, flags.baseline)
  const baseline = flags.writeBaseline
    ? undefined
    : await readBaseline(baselineFile, flags.baseline !== undefined)
  return {
    options: {
      ...(platforms ? { platforms } : {}),
      ...(configuration.check?.ignore ? { ignore: configuration.check.ignore } : {}),
      ...(baseline ? { baseline } : {}),
      ...(project.only === undefined ? {} : { only: project.only }),
    },
    baselineFile,
    insecureRegistries: configuration.registry?.insecure ?? [],
  }
}

/** A package.json that cannot be read is a finding, not the end: the configuration then stands elsewhere or nowhere. */
async function manifestOf({ root }: ProjectFiles, options: CancelOptions): Promise<PackageJson> {
  const none = { type: 'commonjs', bin: {}, scripts: {}, workspaces: [], engines: {} } as const
  return readPackageJson(root, '', options).catch(() => ({ file: 'package.json', document: {}, ...none }))
}

/** The one that was asked for must exist; the one at the usual place may. */
async function readBaseline(path: string, asked: boolean): Promise<Baseline | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (!asked && codeOf(cause) === 'ENOENT') return undefined
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
