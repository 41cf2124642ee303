/** What a build left behind that Node loads: stripped, looked at, and put into the cache. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type CancelOptions, fromBytes } from '../../base/index.ts'
import { isElf } from '../../elf/index.ts'
import { checkBinary, type LibrarySearch, neededPackages, packageOfLibrary } from './check-binary.ts'
import type { AddonTask } from './addon-task.ts'
import type { AddonTools } from './addon-tools.ts'
import { AddonError } from '../addon-error.ts'
import type { ProvidedBinary, ProvidedFile } from './provided-binary.ts'
import type { AddonRecipe } from './recipe.ts'
import { libraryOwners, type Sysroot } from './root/sysroot.ts'

export interface CollectInput {
  task: AddonTask
  recipe: AddonRecipe
  /** where its libraries are looked for, when that is known */
  sysroot: Pick<Sysroot, 'folder' | 'tuple'> | undefined
  /** the package's folder */
  folder: string
  /** its files as they were before, with what would tell a change */
  before: ReadonlyMap<string, string>
  /** takes symbols out of a file, where something can; a file that it does not take stays as it is */
  strip: ((path: string) => Promise<unknown>) | undefined
  /** for messages about what is wrong with it */
  origin: string
}

export interface Compiled {
  binary: ProvidedBinary
  /** it asks for no particular version of Node */
  isNodeApi: boolean
}

/** Files by path relative to the folder, with size and time of change. */
export async function listFiles(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = new Map<string, string>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { size, mtimeMs } = await stat(path)
    files.set(path.slice(folder.length + 1), `${size} ${mtimeMs}`)
  }
  return files
}

/** Folders of intermediate results. */
const intermediate =
  /(?:^|\/)(?:obj(?:\.target|\.host)?|\.deps|CMakeFiles|build-tmp[\w-]*|node_modules|target\/(?:[\w-]+\/)?release)\//

/** Throws `AddonError` when nothing was made, or what was made cannot be loaded on the platform. */
export async function collectBinaries(
  input: CollectInput,
  { cache }: AddonTools,
  { signal }: CancelOptions,
): Promise<Compiled> {
  const { task, folder, before, sysroot, recipe, strip } = input
  const made: { path: string; bytes: Buffer; mode: number }[] = []
  for (const [path, state] of await listFiles(folder)) {
    if (before.get(path) === state || intermediate.test(path)) continue
    if (/\.[ao]$/.test(path)) continue
    const isProgram = isElf(await readFile(join(folder, path)))
    // What calls itself an addon is looked at, whatever it is.
    if (!isProgram && !path.endsWith('.node')) continue
    if (isProgram && task.settings.strip !== false) await strip?.(join(folder, path))
    const { mode } = await stat(join(folder, path))
    made.push({ path, bytes: await readFile(join(folder, path)), mode: (mode & 0o755) | 0o644 })
  }
  made.sort((a, b) => (a.path < b.path ? -1 : 1))
  if (!made.some(({ path }) => path.endsWith('.node'))) throw nothingMade(task)
  const own = new Set(made.map(({ path }) => basename(path)))
  const search = sysroot && (await searchIn(sysroot))
  const libraries = new Set<string>()
  const files: ProvidedFile[] = []
  let isNodeApi = true
  for (const { path, bytes, mode } of made) {
    const elf = checkBinary(bytes, path, task, input.origin)
    if (elf.addon?.api === 'node') isNodeApi = false
    if (search) for (const name of await neededPackages(elf, own, search, task)) libraries.add(name)
    const { digest, size } = await cache.createBlob(fromBytes(bytes)({ signal }), { signal })
    files.push({ path, mode, digest, size })
  }
  for (const library of recipe.opens ?? []) {
    const owner = search && (await packageOfLibrary(library, search))
    if (owner !== undefined) libraries.add(owner)
  }
  return { binary: { files, libraries: [...libraries].sort() }, isNodeApi }
}

async function searchIn(sysroot: Pick<Sysroot, 'folder' | 'tuple'>): Promise<LibrarySearch> {
  return { folder: sysroot.folder, tuple: sysroot.tuple, owners: await libraryOwners(sysroot) }
}

function nothingMade({ name, platform }: AddonTask): AddonError {
  return new AddonError('ADDON_COMPILE_FAILED', `compiling ${name} for ${platform} made no .node file`, {
    kind: 'environment',
    hint: 'its build needs another command: "addons": {"name": {"script": "…"}}',
    details: { package: name, platform },
  })
}
