/** The room's own work on a project's production packages, without the rest of a build. */
import { classifyAddons, type ProvidedAddons, provideAddons } from '../../src/addons/index.ts'
import type { ProgressEvent } from '../../src/base/index.ts'
import { parsePackageLock } from '../../src/lockfile/index.ts'
import { type NodeModulesPlan, packageSource, planNodeModules } from '../../src/npm/index.ts'
import { parsePlatform } from '../../src/oci/index.ts'
import { openTools } from '../../src/pipeline/index.ts'
import { type AddonSettings, openProject } from '../../src/project/index.ts'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface ProvideFor {
  folder: string
  cacheFolder: string
  platforms: readonly string[]
  settings: Readonly<Record<string, AddonSettings>>
  /** added to the environment of this process */
  env?: Readonly<Record<string, string>>
  libc?: 'glibc' | 'musl'
  nodeVersion?: string
}

export interface ProvidedFor extends ProvidedAddons {
  plan: NodeModulesPlan
  events: readonly ProgressEvent[]
  /** contents of the files that a package gets, by path */
  added(platform: string, location: string): Promise<Record<string, Buffer>>
}

const newestKnown = '22.11.0'

export async function provideFor(request: ProvideFor): Promise<ProvidedFor> {
  const { folder, cacheFolder, settings, libc = 'glibc', nodeVersion = newestKnown } = request
  const { signal } = new AbortController()
  const events: ProgressEvent[] = []
  const env = { ...process.env, ...request.env }
  const project = await openProject(folder, { signal })
  const tools = await openTools(project, {
    env,
    home: env.HOME ?? '/root',
    cacheFolder,
    userAgent: 'test',
    progress: (event) => void events.push(event),
    signal,
  })
  try {
    const { npm, cache, temporaryFolder } = tools
    const source = packageSource({ config: npm, records: cache, temporaryFolder })
    const lock = parsePackageLock(
      await readFile(join(folder, 'package-lock.json'), 'utf8'),
      'package-lock.json',
    )
    const targets = request.platforms.map((text) => ({
      platform: parsePlatform(text),
      libc,
      nodeVersion,
      base: { key: 'none', withPackages: () => Promise.reject(new Error('no base')) },
      ...(libc === 'glibc' ? { glibc: '2.36', debian: { suite: 'bookworm' } } : {}),
    }))
    const plan = await planNodeModules(lock, { platforms: targets, source, signal })
    const addons = await classifyAddons(plan, { platforms: targets, source, records: cache, signal })
    const provided = await provideAddons(plan, addons, { targets, settings, signal }, { ...tools, source })
    const contents = new Map<string, Buffer>()
    for (const [platform, changes] of provided.changes)
      for (const [location, { add }] of changes)
        for (const file of add) {
          const chunks: Uint8Array[] = []
          for await (const chunk of file.content({ signal })) chunks.push(chunk)
          contents.set(`${platform} ${location} ${file.path}`, Buffer.concat(chunks))
        }
    const added: ProvidedFor['added'] = async (platform, location) => {
      const prefix = `${platform} ${location} `
      const own = [...contents].filter(([key]) => key.startsWith(prefix))
      return Object.fromEntries(own.map(([key, bytes]) => [key.slice(prefix.length), bytes]))
    }
    return { ...provided, plan, events, added }
  } finally {
    await tools.close()
  }
}
