/**
 * What a build left behind, found by the conventions of the field. A detected output counts only if it holds the file that
 * the container starts; otherwise the whole folder goes into the image, which is larger and never wrong.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { CancelOptions } from '../../base/index.ts'
import type { PackageJson } from '../package-json.ts'
import { startFiles } from '../start-command/entry-files.ts'
import { contextRule, type OutputPart, type OutputRule } from './output-rule.ts'
import { compilerOutput } from './tsconfig-out-dir.ts'

/** Folders that build tools fill by convention. */
const conventionalOutputs = ['dist', 'build']
/** Folders beside an output that services read when they run, and that no build copies. */
export const runtimeFolders: readonly string[] = [
  'public',
  'static',
  'assets',
  'views',
  'templates',
  'locales',
  'config',
  'migrations',
  'drizzle',
  'prisma',
]

/** The rule for the files that are there now. `folder` is absolute. Throws `ProjectError` `OUTPUT_INVALID`. */
export async function detectOutputs(
  folder: string,
  packageJson: PackageJson,
  options: CancelOptions,
): Promise<OutputRule> {
  const detected =
    standaloneServer(folder) ??
    nextBuild(folder) ??
    serverBundle(folder) ??
    (await compiledFolders(folder, packageJson, options))
  if (!detected) return contextRule('the whole folder: it has no "files", and no build output that is known')
  const left = neededFiles(folder, packageJson).find((path) => !holds(detected.parts, path))
  if (left === undefined || detected.by === 'next-standalone') return detected
  const outputs = detected.selects.join(', ')
  return contextRule(`the whole folder: ${outputs} alone would lack ${left}, which the container starts`)
}

/** `next build` with `output: "standalone"`: a server of its own, without the static files that go beside it. */
function standaloneServer(folder: string): OutputRule | undefined {
  const server = standaloneFolder(folder, '.next/standalone', 0)
  if (!server) return undefined
  return {
    by: 'next-standalone',
    reason: "Next's standalone server, .next/static and public",
    selects: [server, '.next/static', 'public'],
    parts: [
      { from: server, to: '' },
      ...existing(folder, ['.next/static', 'public']).map((from) => ({ from, to: from })),
    ],
  }
}

/** In a monorepo the server lies as deep below the standalone folder as the package lies below the repository. */
function standaloneFolder(folder: string, candidate: string, depth: number): string | undefined {
  const path = join(folder, candidate)
  if (depth > 5 || !isFolder(path)) return undefined
  if (existsSync(join(path, 'server.js')) && isFolder(join(path, '.next'))) return candidate
  for (const child of readdirSync(path, { withFileTypes: true })) {
    if (!child.isDirectory() || child.name === 'node_modules' || child.name.startsWith('.')) continue
    const found = standaloneFolder(folder, `${candidate}/${child.name}`, depth + 1)
    if (found) return found
  }
  return undefined
}

/** `next build` for `next start`. */
function nextBuild(folder: string): OutputRule | undefined {
  if (!existsSync(join(folder, '.next/BUILD_ID'))) return undefined
  const configs = readdirSync(folder).filter((name) => /^next\.config\.[cm]?[jt]s$/.test(name))
  const takes = (path: string) => !/^(?:cache|standalone)(?:\/|$)/.test(path)
  return detected(
    '.next without its cache',
    folder,
    ['.next'],
    [{ from: '.next', to: '.next', takes }],
    configs,
  )
}

/** Nitro, and Nuxt on it: `.output` runs anywhere as it is. */
function serverBundle(folder: string): OutputRule | undefined {
  if (!existsSync(join(folder, '.output/server/index.mjs'))) return undefined
  return {
    by: 'detected',
    reason: '.output, which is complete in itself',
    selects: ['.output'],
    parts: [{ from: '.output', to: '.output', withNodeModules: true }, packageFile],
  }
}

async function compiledFolders(
  folder: string,
  packageJson: PackageJson,
  options: CancelOptions,
): Promise<OutputRule | undefined> {
  const compiler = await compilerOutput(folder, packageJson, options)
  const folders = existing(folder, [...(compiler ? [compiler.folder] : []), ...conventionalOutputs])
  const outputs = folders.filter((one) => !folders.some((other) => one.startsWith(`${other}/`)))
  if (outputs.length === 0) return undefined
  const source =
    compiler && outputs.includes(compiler.folder) ? ` (${compiler.config} writes ${compiler.folder})` : ''
  return detected(
    `${outputs.join(', ')}${source}`,
    folder,
    outputs,
    outputs.map((from) => ({ from, to: from })),
  )
}

const packageFile: OutputPart = { from: '', to: '', takes: (path) => path === 'package.json' }

function detected(
  what: string,
  folder: string,
  outputs: readonly string[],
  parts: readonly OutputPart[],
  files: readonly string[] = [],
): OutputRule {
  const beside = existing(folder, runtimeFolders).filter((name) => !outputs.includes(name))
  const besides = beside.length > 0 ? `, and beside it ${beside.join(', ')}` : ''
  return {
    by: 'detected',
    reason: `the build output ${what}${besides}`,
    selects: [...outputs, ...beside, ...files],
    parts: [
      ...parts,
      ...beside.map((from) => ({ from, to: from })),
      { from: '', to: '', takes: (path) => path === 'package.json' || files.includes(path) },
    ],
  }
}

function existing(folder: string, names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => isFolder(join(folder, name)))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** The files that the start command needs, of those that are there. */
function neededFiles(folder: string, packageJson: PackageJson): string[] {
  const isFile = (path: string) => statSync(join(folder, path), { throwIfNoEntry: false })?.isFile() ?? false
  return startFiles(packageJson).flatMap((candidates) => candidates.find(isFile) ?? [])
}

function holds(parts: readonly OutputPart[], path: string): boolean {
  const file = posix.normalize(path)
  return parts.some(({ from, takes }) => {
    if (from !== '' && !file.startsWith(`${from}/`)) return false
    return takes?.(from === '' ? file : file.slice(from.length + 1)) ?? true
  })
}
