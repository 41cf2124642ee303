/** Addons that have no binary for a platform before a script ran: read from their tarballs, or known by name. */
import { classifyAddons } from '../../addons/index.ts'
import { type CancelOptions, compareText, messageOf, reasonOf, silent } from '../../base/index.ts'
import { needsCompiler, needsScript } from '../../forecast/index.ts'
import { parsePackageLock } from '../../lockfile/index.ts'
import { packageSource, planNodeModules, type TargetPlatform } from '../../npm/index.ts'
import { parsePlatforms } from '../../oci/index.ts'
import { type Project, readProjectFile } from '../../project/index.ts'
import type { ManagerFacts, UnpreparedAddon } from '../../scaffold/index.ts'
import type { CommandContext } from '../context.ts'
import { commandTools } from '../tools.ts'
import { lockedNames } from './locked-names.ts'

export interface FoundAddons {
  addons: UnpreparedAddon[]
  /** what could not be looked at, for the user */
  warnings: string[]
}

export interface FindAddonsOptions {
  root: string
  manager: ManagerFacts
  platforms: readonly string[]
  libc: 'glibc' | 'musl'
  /** for npm's settings and everyarch's cache */
  project: Project
  cacheDir?: string
}

/** Opens tarballs where npm's lockfile says which: from npm's cache or its registry. A registry that does not answer is said. */
export async function findAddons(
  { root, manager, platforms, libc, project, cacheDir }: FindAddonsOptions,
  context: CommandContext,
): Promise<FoundAddons> {
  const { lockfile } = manager
  const text = lockfile?.endsWith('b') ? undefined : await lockText(root, lockfile, context)
  if (lockfile === undefined || text === undefined) return { addons: [], warnings: [] }
  if (manager.name !== 'npm') return { addons: knownByName(text, manager.name), warnings: [] }
  const targets = parsePlatforms(platforms.join(',')).map((platform) => ({ platform, libc }))
  try {
    return await readTarballs(text, lockfile, targets, project, context, cacheDir)
  } catch (error) {
    if (context.signal.aborted) throw reasonOf(context.signal)
    return {
      addons: knownByName(text, 'npm'),
      warnings: [
        `native addons are known by name only, because their packages could not be read: ${messageOf(error)}`,
      ],
    }
  }
}

async function lockText(
  root: string,
  file: string | undefined,
  options: CancelOptions,
): Promise<string | undefined> {
  return file === undefined ? undefined : readProjectFile(root, file, options)
}

async function readTarballs(
  text: string,
  file: string,
  platforms: readonly TargetPlatform[],
  project: Project,
  context: CommandContext,
  cacheDir: string | undefined,
): Promise<FoundAddons> {
  const { signal } = context
  const tools = await commandTools(project, cacheDir === undefined ? {} : { cacheDir }, silent, context)
  try {
    const { cache: records, npm: config, temporaryFolder } = tools
    const source = packageSource({ config, records, temporaryFolder })
    const plan = await planNodeModules(parsePackageLock(text, file), { platforms, source, signal })
    const found = await classifyAddons(plan, { platforms, source, records, signal })
    const needing = found.filter(({ optional, mechanism }) => !optional && mechanism !== 'tool')
    const statusesOf = (one: (typeof found)[number]) =>
      Object.values(one.platforms).map(({ status }) => status)
    const addons = needing.flatMap((one): UnpreparedAddon[] => {
      const how = (['compile', 'download'] as const).find((status) => statusesOf(one).includes(status))
      if (!how) return []
      const libraries = one.needs?.systemLibraries ?? []
      return [
        {
          name: one.name,
          ...(one.version === undefined ? {} : { version: one.version }),
          how,
          headers: libraries.map(({ debianDev }) => debianDev),
          libraries: libraries.map(({ debianRuntime }) => debianRuntime),
        },
      ]
    })
    const impossible = needing.filter((one) => statusesOf(one).includes('impossible'))
    const warnings = impossible.map(
      ({ name, version = '', platforms: own }) =>
        `${name}@${version} has neither a binary nor sources for ${Object.entries(own)
          .filter(([, { status }]) => status === 'impossible')
          .map(([platform]) => platform)
          .join(', ')}`,
    )
    return { addons: uniqueByName(addons), warnings }
  } finally {
    await tools.close()
  }
}

/** Without tarballs only well-known packages are recognised. */
function knownByName(text: string, manager: ManagerFacts['name']): UnpreparedAddon[] {
  const names =
    manager === 'npm'
      ? [
          ...text.matchAll(/"(?:[^"]*\/)?node_modules\/((?:@[^"/]+\/)?[^"/]+)": \{\s*"version": "([^"]+)"/gu),
        ].map(([, name = '', version = '']) => ({ name, version }))
      : lockedNames(text, manager)
  const addons = names.flatMap(({ name, version }): UnpreparedAddon[] => {
    const entry = { name, version, optional: false }
    if (!needsScript(entry)) return []
    const packages = needsCompiler(entry)
    const headers = (packages ?? []).filter((one) => one.endsWith('-dev'))
    return [{ name, version, how: packages ? 'compile' : 'download', headers, libraries: [] }]
  })
  return uniqueByName(addons)
}

function uniqueByName(addons: readonly UnpreparedAddon[]): UnpreparedAddon[] {
  return [...new Map(addons.map((addon) => [addon.name, addon])).values()].sort((a, b) =>
    compareText(a.name, b.name),
  )
}
