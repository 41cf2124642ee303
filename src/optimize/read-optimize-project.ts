/** What the files of a project say for the rewrite of its Dockerfile. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type CancelOptions, codeOf, throwIfAborted } from '../base/index.ts'
import { type LockedPackage, parsePackageLock } from '../lockfile/index.ts'
import { parseIgnoreRules } from '../project/index.ts'
import type { OptimizeProject } from './optimize-facts.ts'

const files = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-workspace.yaml',
  '.dockerignore',
] as const

/**
 * Reads them in the folder that is the build context; `dockerfile` is the path of the Dockerfile, beside which an ignore file
 * of its own may lie. A file that is not there says nothing; throws what reading throws.
 */
export async function readOptimizeProject(
  folder: string,
  dockerfile: string,
  { signal }: CancelOptions,
): Promise<OptimizeProject> {
  const texts = new Map<string, string>()
  for (const name of files) {
    const text = await textOf(join(folder, name), { signal })
    if (text !== undefined) texts.set(name, text)
  }
  const ignore = await textOf(`${dockerfile}.dockerignore`, { signal })
  if (ignore !== undefined) texts.set('.dockerignore', ignore)
  return toOptimizeProject(texts)
}

async function textOf(path: string, { signal }: CancelOptions): Promise<string | undefined> {
  throwIfAborted(signal)
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' || codeOf(error) === 'EISDIR')
      return undefined
    throw error
  }
}

/** The same of texts by file name. What does not parse says nothing. */
export function toOptimizeProject(texts: ReadonlyMap<string, string>): OptimizeProject {
  const manifest = recordOf(parsed(texts.get('package.json')))
  const workspace = recordOf(parsed(texts.get('pnpm-workspace.yaml')))
  const packages = lockedPackages(texts)
  const builds = allowedBuilds(manifest, workspace)
  return {
    ...(manifest ? { scripts: scriptsOf(manifest) } : {}),
    ...(typeof manifest?.packageManager === 'string' ? { packageManager: manifest.packageManager } : {}),
    ...(packages ? { packages } : {}),
    ...(builds ? { allowedBuilds: builds } : {}),
    workspaces: manifest?.workspaces !== undefined || workspace?.packages !== undefined,
    ignoresModules: ignoresModules(texts.get('.dockerignore')),
  }
}

/** JSON is YAML, except for tabs. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return parse(text.replace(/^\uFEFF/u, '').replaceAll('\t', ' '), { logLevel: 'silent' })
  } catch {
    return undefined
  }
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function scriptsOf({ scripts }: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(recordOf(scripts) ?? {})
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function lockedPackages(texts: ReadonlyMap<string, string>): LockedPackage[] | undefined {
  const name = texts.has('npm-shrinkwrap.json') ? 'npm-shrinkwrap.json' : 'package-lock.json'
  const text = texts.get(name)
  if (text === undefined) return undefined
  try {
    return [...parsePackageLock(text, name).packages.values()].filter(({ link }) => !link)
  } catch {
    return undefined
  }
}

/** `onlyBuiltDependencies` (package.json or pnpm-workspace.yaml), `allowBuilds` of newer pnpm. */
function allowedBuilds(
  manifest: Record<string, unknown> | undefined,
  workspace: Record<string, unknown> | undefined,
): string[] | undefined {
  if (!manifest) return undefined
  const places = [recordOf(manifest.pnpm), workspace]
  const listed = places.flatMap((place) =>
    Array.isArray(place?.onlyBuiltDependencies) ? place.onlyBuiltDependencies : [],
  )
  const allowed = places.flatMap((place) =>
    Object.entries(recordOf(place?.allowBuilds) ?? {}).flatMap(([name, value]) =>
      value === true ? [name] : [],
    ),
  )
  return [...new Set([...listed.map(String), ...allowed])]
}

/** One that BuildKit refuses keeps nothing out as far as we know. */
function ignoresModules(text: string | undefined): boolean {
  if (text === undefined) return false
  try {
    return parseIgnoreRules(text, '.dockerignore').ignores('node_modules')
  } catch {
    return false
  }
}
