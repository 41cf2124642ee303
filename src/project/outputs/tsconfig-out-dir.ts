/** Where the TypeScript compiler writes: `outDir` of tsconfig.json, through `extends`, comments and all. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, posix, relative, resolve } from 'node:path'
import type { CancelOptions } from '../../base/index.ts'
import { jsonValue } from '../json-tree.ts'
import type { PackageJson } from '../package-json.ts'
import { parseProjectJsonTree, readProjectFile } from '../project-file.ts'

export interface CompilerOutput {
  /** relative to the package, with `/` */
  folder: string
  /** the tsconfig file that the compiler is given, relative to the package */
  config: string
}

/** Longer chains of `extends` are taken for a cycle. */
const maxExtends = 20

/**
 * The folder that `tsc` fills, as the build script calls it (`--outDir`, `--project`) or as tsconfig.json says; undefined
 * when there is none, when nothing is emitted, or when it lies outside of the package. Throws `ProjectError` `OUTPUT_INVALID`
 * for a broken tsconfig file.
 */
export async function compilerOutput(
  folder: string,
  packageJson: PackageJson,
  options: CancelOptions,
): Promise<CompilerOutput | undefined> {
  const script = packageJson.scripts.build ?? ''
  const asked = /\btsc\b[^&|;]*?\s--outDir[= ]\s*(\S+)/i.exec(script)?.[1]
  const named = /\btsc\b[^&|;]*?\s(?:-p|--project|-b|--build)[= ]\s*([^\s-]\S*)/.exec(script)?.[1]
  const config = await configFile(folder, named, options)
  if (asked) return inside(folder, resolve(folder, asked), 'scripts.build')
  if (!config) return undefined
  const compiler = await compilerOptions(folder, config, options)
  if (!compiler.outDir || compiler.noEmit || compiler.emitDeclarationOnly) return undefined
  return inside(folder, compiler.outDir, config)
}

async function configFile(
  folder: string,
  named: string | undefined,
  options: CancelOptions,
): Promise<string | undefined> {
  const candidates = named
    ? [named, posix.join(named, 'tsconfig.json')]
    : ['tsconfig.json', 'tsconfig.build.json']
  for (const candidate of candidates.filter((name) => name.endsWith('.json'))) {
    if ((await readProjectFile(folder, candidate, options)) !== undefined) return posix.normalize(candidate)
  }
  return undefined
}

function inside(folder: string, path: string, config: string): CompilerOutput | undefined {
  const below = relative(folder, path)
  if (below === '' || below.startsWith('..') || isAbsolute(below)) return undefined
  return { folder: below.replaceAll('\\', '/'), config }
}

interface CompilerOptions {
  /** absolute */
  outDir?: string
  noEmit?: boolean
  emitDeclarationOnly?: boolean
}

/** The options that a tsconfig file and all that it extends come to; `file` is relative to `folder`. */
async function compilerOptions(
  folder: string,
  file: string,
  options: CancelOptions,
): Promise<CompilerOptions> {
  const configFolder = dirname(resolve(folder, file))

  async function optionsOf(path: string, depth: number): Promise<CompilerOptions> {
    const name = relative(folder, path).replaceAll('\\', '/')
    const text = depth > maxExtends ? undefined : await readProjectFile(folder, name, options)
    if (text === undefined) return {}
    const value = jsonValue(parseProjectJsonTree(text, name, 'OUTPUT_INVALID', 'jsonc')) as {
      extends?: unknown
      compilerOptions?: Record<string, unknown>
    } | null
    const bases = [value?.extends ?? []].flat().filter((base) => typeof base === 'string')
    let merged: CompilerOptions = {}
    for (const base of bases) {
      const found = extendedFile(path, base)
      if (found) merged = { ...merged, ...(await optionsOf(found, depth + 1)) }
    }
    return { ...merged, ...ownOptions(value?.compilerOptions ?? {}, dirname(path), configFolder) }
  }

  return optionsOf(resolve(folder, file), 0)
}

function ownOptions(own: Record<string, unknown>, home: string, configFolder: string): CompilerOptions {
  const { outDir, noEmit, emitDeclarationOnly } = own
  return {
    ...(typeof outDir === 'string'
      ? { outDir: resolve(home, outDir.replace('${configDir}', configFolder)) }
      : {}),
    ...(typeof noEmit === 'boolean' ? { noEmit } : {}),
    ...(typeof emitDeclarationOnly === 'boolean' ? { emitDeclarationOnly } : {}),
  }
}

/** The file behind `extends`: a path, or a package that is looked up from there; undefined when it is not installed. */
function extendedFile(from: string, base: string): string | undefined {
  if (base.startsWith('.') || isAbsolute(base)) {
    const path = resolve(dirname(from), base)
    return [path, `${path}.json`].find((candidate) => candidate.endsWith('.json') && existsSync(candidate))
  }
  const require = createRequire(from)
  for (const specifier of [base, `${base}.json`, posix.join(base, 'tsconfig.json')]) {
    try {
      const path = require.resolve(specifier)
      if (path.endsWith('.json')) return path
    } catch {
      // The next form may be the one.
    }
  }
  const direct = join(dirname(from), 'node_modules', base)
  return existsSync(direct) && direct.endsWith('.json') ? direct : undefined
}
