/**
 * The clean folder that the app is built in: a copy of the context without what .dockerignore names, and node_modules with
 * all dependencies. Installed trees are kept from build to build, one for each lockfile: a tree is *moved* into the build folder
 * and back, so that taking it costs nothing and no two builds ever share one.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CancelOptions, codeOf } from '../../../base/index.ts'

export interface BuildFolder {
  /** absolute path; the same for the same key on one machine, so that tools which write paths write the same */
  path: string
  /** a place beside it for what must not be seen by the build; nothing is there */
  backup: string
  /** Removes both. */
  remove(): Promise<void>
}

/** Makes an empty folder for one build; another build of the same key at the same time gets a folder of its own. */
export async function makeBuildFolder(cacheFolder: string, key: string): Promise<BuildFolder> {
  const parent = join(cacheFolder, 'builds')
  await mkdir(parent, { recursive: true })
  for (let attempt = 0; ; attempt++) {
    const path = join(parent, attempt === 0 ? key : `${key}-${attempt}`)
    const owner = `${path}.pid`
    if (!(await claim(owner))) continue
    const backup = `${path}.backup`
    for (const left of [path, backup]) await rm(left, { recursive: true, force: true })
    await mkdir(path)
    return {
      path,
      backup,
      remove: async () => {
        for (const used of [path, backup]) await rm(used, { recursive: true, force: true, maxRetries: 3 })
        await rm(owner, { force: true })
      },
    }
  }
}

/** Writes our process id into the file, unless a living process has done so before. */
async function claim(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  const pid = Number(await readFile(file, 'utf8').catch(() => '0'))
  if (pid > 0 && isAlive(pid)) return false
  await rm(file, { force: true })
  return claim(file)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

export interface DependencyTrees {
  /** Moves an installed tree into the folder; false when there is none. */
  take(key: string, folder: string): Promise<boolean>
  /** Moves the tree's node_modules folders out of the build folder, for the next build. */
  keep(key: string, folder: string, roots: readonly string[]): Promise<void>
}

/** Installed trees below the cache folder. `roots` are the folders that hold a `node_modules`: `''` and workspaces. */
export function dependencyTrees(cacheFolder: string, { signal }: CancelOptions): DependencyTrees {
  const home = (key: string) => join(cacheFolder, 'trees', key)
  return {
    async take(key, folder) {
      // Renaming the tree itself first makes it ours: of two builds only one succeeds.
      const mine = join(folder, '.everyarch-tree')
      try {
        await rename(home(key), mine)
      } catch {
        return false
      }
      for (const root of await rootsOf(mine)) {
        await mkdir(join(folder, root), { recursive: true })
        await rename(join(mine, root, 'node_modules'), join(folder, root, 'node_modules'))
      }
      await rm(mine, { recursive: true, force: true })
      return true
    },
    async keep(key, folder, roots) {
      if (signal.aborted) return
      const packed = join(folder, '.everyarch-tree')
      for (const root of roots) {
        await mkdir(join(packed, root), { recursive: true })
        await rename(join(folder, root, 'node_modules'), join(packed, root, 'node_modules')).catch(
          ignoreMissing,
        )
      }
      await mkdir(dirname(home(key)), { recursive: true })
      // Fails when another build has put one there meanwhile: then this one goes with the build folder.
      await rename(packed, home(key)).catch(() => {})
    },
  }
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}

/** Folders below `tree` that hold a node_modules, relative to it. */
async function rootsOf(tree: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(tree, below), { withFileTypes: true })
  const roots = entries.some((entry) => entry.name === 'node_modules') ? [below] : []
  for (const entry of entries) {
    if (entry.isDirectory() && entry.name !== 'node_modules')
      roots.push(...(await rootsOf(tree, join(below, entry.name))))
  }
  return roots
}
