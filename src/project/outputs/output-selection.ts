/**
 * What goes into the image: the globs of `include`, else what package.json's `files` would publish, else what the build is
 * known to leave behind, else the whole folder. Dependencies have layers of their own: node_modules is never part of it.
 * Secrets are left out unless the project names them (`secret-files.ts`).
 */
import { join, posix } from 'node:path'
import { type CancelOptions, compareText, type Finding } from '../../base/index.ts'
import type { Configuration } from '../configuration/configuration.ts'
import type { IgnoreRules } from '../context/ignore-rules.ts'
import { type ContextEntry, walkContext } from '../context/walk-context.ts'
import type { PackageJson } from '../package-json.ts'
import { ProjectError } from '../project-error.ts'
import { detectOutputs } from './detect-outputs.ts'
import { contextRule, type OutputPart, type OutputRule, type OutputSelection } from './output-rule.ts'
import { packageFiles } from './package-files.ts'
import { secretFinding, secretIn } from './secret-files.ts'
import { compilerOutput } from './tsconfig-out-dir.ts'

export interface SelectOutputsOptions extends CancelOptions {
  packageJson: PackageJson
  include?: Configuration['include']
  /** whether a build runs (or ran) first */
  built: boolean
  /** the context's rules for a folder that is no clean copy of the context, relative to `folder`; see `rulesBelow` */
  ignore?: IgnoreRules
}

/** Before the build: what will go into the image and why. `folder` is the package's. Throws `ProjectError` `OUTPUT_INVALID`. */
export async function planOutputs(folder: string, options: SelectOutputsOptions): Promise<OutputSelection> {
  const { packageJson, include, built } = options
  if (include || packageJson.files || !built) {
    const { by, reason, selects } = await ruleFor(folder, options)
    return { by, reason, selects }
  }
  const compiler = await compilerOutput(folder, packageJson, options)
  const likely = compiler ? [compiler.folder] : ['.next', '.output', 'dist', 'build']
  return {
    by: 'detected',
    reason: compiler
      ? `the build output ${compiler.folder} (${compiler.config} writes it)`
      : `what the build makes of ${likely.join(', ')}; the whole folder when it makes none`,
    selects: likely,
  }
}

/** A file, folder or link of the app layer. */
export type OutputEntry = ContextEntry & {
  /** where it is now, relative to the package's folder; differs from `path` for Next's standalone server */
  source: string
}

export interface SelectedOutputs extends OutputSelection {
  /** sorted by path, parents included; paths relative to the package in the image */
  entries: OutputEntry[]
  /** secrets that were left out, patterns that match nothing */
  findings: Finding[]
}

/**
 * After the build: the files of a package's app layer. Throws `ProjectError` `OUTPUT_MISSING` when there are none,
 * `OUTPUT_INVALID`, and what `walkContext` throws.
 */
export async function collectOutputs(
  folder: string,
  options: SelectOutputsOptions,
): Promise<SelectedOutputs> {
  const rule = await ruleFor(folder, options)
  const taken = new Map<string, OutputEntry>()
  const findings: Finding[] = []
  for (const part of rule.parts) {
    for (const entry of await partEntries(folder, part, options)) {
      const secret = entry.type === 'file' ? secretIn(entry.path, join(folder, entry.source)) : undefined
      const named = secret !== undefined && (rule.names?.(entry.source) ?? false)
      if (secret !== undefined) findings.push(secretFinding(entry.source, secret, named))
      if (secret === undefined || named) taken.set(entry.path, entry)
    }
  }
  const entries = withParents([...taken.values()])
  if (isEmpty(rule, entries)) throw nothingTaken(rule)
  findings.push(...(rule.unused?.() ?? []).map(unusedFinding))
  const { by, reason, selects } = rule
  return { by, reason, selects, entries, findings }
}

async function ruleFor(folder: string, options: SelectOutputsOptions): Promise<OutputRule> {
  const { packageJson, include, built } = options
  if (include) return includeRule(include)
  if (packageJson.files) return filesRule(folder, packageJson)
  if (!built) return contextRule('the whole folder: it has no build, no "files" and no "include"')
  return detectOutputs(folder, packageJson, options)
}

async function includeRule(include: readonly string[]): Promise<OutputRule> {
  const { parsePathGlobs } = await import('./path-globs.ts')
  const globs = parsePathGlobs(['package.json', ...include])
  return {
    by: 'include',
    reason: `"include" of the configuration: ${include.join(', ')}`,
    selects: include,
    parts: [{ from: '', to: '', takes: globs.takes }],
    names: globs.names,
    unused: () => globs.unused().filter((text) => text !== 'package.json'),
  }
}

async function filesRule(folder: string, packageJson: PackageJson): Promise<OutputRule> {
  const files = packageJson.files ?? []
  const { parsePathGlobs } = await import('./path-globs.ts')
  const packed = await packageFiles(folder, packageJson)
  return {
    by: 'files',
    reason: `"files" of ${packageJson.file}: ${files.join(', ') || 'none, so the main file alone'}`,
    selects: files,
    parts: [{ from: '', to: '', takes: (path) => packed.has(path) }],
    names: parsePathGlobs(files).names,
  }
}

/** The entries of one part; folders only where every file is taken, since others come with their files. */
async function partEntries(
  folder: string,
  { from, to, takes, withNodeModules }: OutputPart,
  { signal, ignore }: SelectOutputsOptions,
): Promise<OutputEntry[]> {
  const entries = await walkContext(join(folder, from), {
    signal,
    leaveOut: withNodeModules ? ['.git'] : ['node_modules', '.git'],
    ...(ignore ? { ignore: from === '' ? ignore : rulesBelow(ignore, from) } : {}),
  })
  return entries
    .filter((entry) => (takes ? entry.type !== 'directory' && takes(entry.path) : true))
    .map((entry) => ({ ...entry, path: posix.join(to, entry.path), source: posix.join(from, entry.path) }))
}

/** Rules of a context, as they apply to paths relative to one of its folders. */
export function rulesBelow(rules: IgnoreRules, folder: string): IgnoreRules {
  if (folder === '') return rules
  return {
    ignores: (path) => rules.ignores(`${folder}/${path}`),
    canSkip: (path) => rules.canSkip(`${folder}/${path}`),
  }
}

function withParents(entries: readonly OutputEntry[]): OutputEntry[] {
  const all = new Map(entries.map((entry) => [entry.path, entry]))
  for (const { path, source } of entries) {
    let parent = posix.dirname(path)
    let parentSource = posix.dirname(source)
    for (; parent !== '.' && !all.has(parent); parent = posix.dirname(parent)) {
      all.set(parent, { type: 'directory', path: parent, source: parentSource })
      parentSource = posix.dirname(parentSource)
    }
  }
  return [...all.values()].sort((a, b) => compareText(a.path, b.path))
}

/** A package may consist of its package.json alone, but a rule that says what to take has to find something. */
function isEmpty({ by }: OutputRule, entries: readonly OutputEntry[]): boolean {
  const mayBeEmpty = by === 'context' || by === 'files'
  return !mayBeEmpty && !entries.some(({ type, path }) => type !== 'directory' && path !== 'package.json')
}

function nothingTaken(rule: OutputRule): ProjectError {
  return new ProjectError('OUTPUT_MISSING', `there is nothing to put into the image: ${rule.reason}`, {
    kind: 'usage',
    hint: 'did the build run, and does it write there? "include" in everyarch.config.json says what the image needs',
    details: { by: rule.by, selects: rule.selects },
  })
}

function unusedFinding(glob: string): Finding {
  return {
    rule: 'project/include-matches-nothing',
    severity: 'warning',
    message: `"include" names ${glob}, which matches no file`,
    hint: 'node_modules and .git are never part of it; paths are relative to the package that is built',
    details: { glob },
  }
}
