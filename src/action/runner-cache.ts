/**
 * everyarch's cache folder between jobs, in the cache service of the runner. The service is a convenience: whatever goes wrong
 * with it is a warning, and the command runs without.
 */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { arch, homedir, platform } from 'node:os'
import { join, resolve } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { type CancelOptions, codeOf, messageOf } from '../base/index.ts'
import { defaultCacheFolder } from '../pipeline/index.ts'
import { workflowCommand } from '../report/index.ts'
import { openCache } from '../store/index.ts'
import type { ActionContext } from './context.ts'
import { readInput } from './inputs.ts'

/** Files that decide what packages and layers a build needs; a change of them makes a new entry. */
const decidingFiles = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'everyarch.config.json',
] as const

/** What an entry may hold: the service gives a repository 10 GB for everything. */
const maxBytes = 1024 ** 3

export interface CacheEntry {
  readonly folder: string
  readonly key: string
  /** older entries that are better than none, by the start of their key */
  readonly prefix: string
}

/** Inputs that decide it too. Those that name a commit (tags, labels) would make an entry for each. */
const decidingInputs = ['path', 'config', 'workspace', 'platform', 'base', 'engine', 'compression'] as const

/** The entry for a build: the same as long as the same packages are built in the same way. */
export async function cacheEntry({ env, cwd }: ActionContext): Promise<CacheEntry> {
  const project = resolve(cwd, readInput(env, 'path'))
  const hash = createHash('sha256').update(JSON.stringify(decidingInputs.map((name) => readInput(env, name))))
  for (const name of decidingFiles) hash.update(`\0${name}\0`).update(await contentOf(join(project, name)))
  const [major, minor] = packageJson.version.split('.')
  const prefix = `everyarch-${major}.${minor}-${platform()}-${arch()}-`
  return {
    folder: resolve(cwd, readInput(env, 'cache-dir') || defaultCacheFolder(env, homedir())),
    key: `${prefix}${hash.digest('hex').slice(0, 32)}`,
    prefix,
  }
}

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return new Uint8Array()
  }
}

/** Fetches the entry, or an older one; tells whether it was this very entry. */
export async function restoreCache(
  { folder, key, prefix }: CacheEntry,
  context: ActionContext,
): Promise<boolean> {
  return attempt('restored', context, async () => {
    const service = await cacheService()
    if (!service.isFeatureAvailable()) return false
    const found = await service.restoreCache([folder], key, [prefix])
    return found === key
  })
}

/** Stores the folder under the entry's key, without what was not used for longest when it has become large. */
export async function saveCache(
  { folder, key }: Pick<CacheEntry, 'folder' | 'key'>,
  context: ActionContext,
  { signal }: CancelOptions,
): Promise<void> {
  await attempt('stored', context, async () => {
    const service = await cacheService()
    const exists = await stat(folder).then(
      (facts) => facts.isDirectory(),
      () => false,
    )
    if (!exists || !service.isFeatureAvailable()) return false
    await openCache(folder).prune({ maxBytes, signal })
    await service.saveCache([folder], key)
    return true
  })
}

async function attempt(done: string, context: ActionContext, work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work()
  } catch (error) {
    context.write(
      workflowCommand('warning', { title: 'everyarch' }, `the cache was not ${done}: ${messageOf(error)}`),
    )
    return false
  }
}

/** Large, and loaded only where it is used. */
function cacheService() {
  return import('@actions/cache')
}
