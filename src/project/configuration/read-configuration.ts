/**
 * Where a configuration stands and whether it is right. The schema (and with it zod) is loaded only when there is something
 * to check: most projects have no configuration, and start-up time is theirs.
 */
import { isAbsolute, posix, relative, resolve } from 'node:path'
import { type CancelOptions, InternalError } from '../../base/index.ts'
import {
  duplicateKey,
  formatPlace,
  type JsonNode,
  jsonValue,
  memberOf,
  nodeAt,
  rangeAt,
} from '../json-tree.ts'
import type { PackageJson } from '../package-json.ts'
import { ProjectError } from '../project-error.ts'
import { parseProjectJsonTree, readProjectFile } from '../project-file.ts'
import type { Configuration } from './configuration.ts'
import type { ConfigurationProblem } from './describe-issue.ts'

const configurationFile = 'everyarch.config.json'
const packageKey = 'everyarch'

export interface ReadConfigurationOptions extends CancelOptions {
  /** the package whose configuration is read: a file beside its package.json, or the `everyarch` key in it */
  packageJson: PackageJson
  /** a file named on the command line, relative to the root; it must exist */
  file?: string
}

export interface FoundConfiguration {
  configuration: Configuration
  /** `everyarch.config.json`, `package.json` or the named file; absent when there is none */
  file?: string
}

/**
 * A package's configuration, checked against the schema. Unknown keys, wrong types and duplicate keys are errors that name
 * line, column and JSON path. Throws `ProjectError` `CONFIGURATION_INVALID`, `CONFIGURATION_MISSING` (a named file that
 * does not exist) or `CONFIGURATION_AMBIGUOUS` (both places are used).
 */
export async function readConfiguration(
  root: string,
  options: ReadConfigurationOptions,
): Promise<FoundConfiguration> {
  const { packageJson } = options
  const hasKey = Object.hasOwn(packageJson.document, packageKey)
  const file =
    options.file === undefined
      ? posix.join(posix.dirname(packageJson.file), configurationFile)
      : insideName(root, options.file)
  const text = await readProjectFile(root, file, options)
  if (text === undefined && options.file !== undefined) throw missing(file)
  if (text !== undefined && hasKey && options.file === undefined) throw ambiguous(file, packageJson.file)
  if (text !== undefined) return { configuration: await checkConfiguration(text, file, []), file }
  if (!hasKey) return { configuration: {} }
  const packageText = await readProjectFile(root, packageJson.file, options)
  if (packageText === undefined) throw new InternalError(`${packageJson.file} was read and is gone`)
  const configuration = await checkConfiguration(packageText, packageJson.file, [packageKey])
  return { configuration, file: packageJson.file }
}

/** The file as messages name it: relative to the root when it lies below it. */
function insideName(root: string, file: string): string {
  const path = resolve(root, file)
  const name = relative(root, path)
  return name.startsWith('..') || isAbsolute(name) ? name : name.replaceAll('\\', '/')
}

function missing(file: string): ProjectError {
  return new ProjectError('CONFIGURATION_MISSING', `there is no configuration file ${file}`, {
    kind: 'usage',
    details: { file },
  })
}

function ambiguous(file: string, packageFile: string): ProjectError {
  return new ProjectError(
    'CONFIGURATION_AMBIGUOUS',
    `there are two configurations: ${file} and "${packageKey}" of ${packageFile}`,
    { kind: 'usage', hint: 'keep one of the two' },
  )
}

/** Checks the configuration that stands at `base` in the JSON text of a file. Throws `ProjectError` `CONFIGURATION_INVALID`. */
export async function checkConfiguration(
  text: string,
  file: string,
  base: readonly string[],
): Promise<Configuration> {
  const document = parseProjectJsonTree(text, file, 'CONFIGURATION_INVALID')
  const root = nodeAt(document, base)
  const twice = duplicateKey(root)
  if (twice) {
    const place = rangeAt(text, file, twice.keyStart, twice.keyEnd)
    throw new ProjectError(
      'CONFIGURATION_INVALID',
      `${formatPlace(place)}: the key "${twice.key}" stands twice`,
      {
        kind: 'usage',
        details: { ...place },
      },
    )
  }
  const [{ configurationSchema }, { describeIssue }, { configurationJsonSchema, knownKeysOf }] =
    await Promise.all([import('./schema.ts'), import('./describe-issue.ts'), import('./json-schema.ts')])
  const result = configurationSchema.safeParse(jsonValue(root), { reportInput: true })
  if (result.success) {
    const { $schema: _, ...configuration } = result.data
    return configuration
  }
  const knownKeys = knownKeysOf(configurationJsonSchema())
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, knownKeys))
  throw invalid(text, file, root, problems)
}

function invalid(
  text: string,
  file: string,
  root: JsonNode,
  problems: readonly ConfigurationProblem[],
): ProjectError {
  const placed = problems
    .map((problem) => {
      const { start, end } = spanOf(root, problem)
      return {
        start,
        place: rangeAt(text, file, start, end),
        text: `${formatPath(problem.path)}${problem.message}`,
      }
    })
    .sort((a, b) => a.start - b.start)
  const lines = placed.map(({ place, text: problem }) => `${formatPlace(place)}: ${problem}`)
  const message = placed.length === 1 ? (lines[0] as string) : `${file} has ${placed.length} mistakes`
  return new ProjectError('CONFIGURATION_INVALID', message, {
    kind: 'usage',
    ...(placed.length === 1 ? {} : { hint: lines.join('\n') }),
    details: { problems: placed.map(({ place, text: problem }) => ({ ...place, message: problem })) },
  })
}

/** The offsets that a problem is about: a key, a value, or the object that lacks a key. */
function spanOf(root: JsonNode, { path, atKey }: ConfigurationProblem): { start: number; end: number } {
  if (!atKey) return nodeAt(root, path)
  const parent = nodeAt(root, path.slice(0, -1))
  const member = memberOf(parent, String(path.at(-1)))
  return member ? { start: member.keyStart, end: member.keyEnd } : parent
}

/** `image.ports[1] `; empty for the document itself. */
function formatPath(path: readonly PropertyKey[]): string {
  const text = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
  return text === '' ? '' : `${text}: `
}
