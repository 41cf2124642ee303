/** The search of glibc's loader (ld.so(8); elf/dl-load.c). */
import type { Elf } from '../../elf/index.ts'
import type { FileTree, TreeNode } from '../tree/file-tree.ts'
import { chainOf, type LoadedObject, type Need, type Places } from './need.ts'

/** Folders that some distribution's glibc searches by itself, where the loader in the image does not tell. */
const commonFolders = ['/lib', '/usr/lib', '/lib64', '/usr/lib64']
const triplets: Record<string, string> = {
  amd64: 'x86_64-linux-gnu',
  '386': 'i386-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  ppc64le: 'powerpc64le-linux-gnu',
  s390x: 's390x-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
}

export class GlibcPlaces implements Places {
  readonly #tree: FileTree
  readonly #libraryPath: string[]
  readonly #cache: ReadonlyMap<string, string[]>
  readonly #defaults = new Map<string, string[]>()

  constructor(tree: FileTree, libraryPath = '') {
    this.#tree = tree
    this.#libraryPath = libraryPath.split(/[:;]/).filter((folder) => folder !== '')
    this.#cache = readCache(tree)
  }

  *pathsOf(name: string, need: Need): Iterable<string> {
    const { elf, origin } = need.object
    if (name.includes('/')) {
      yield* expand(name, origin, elf)
      return
    }
    for (const folder of this.#foldersBeforeCache(need)) yield `${folder}/${name}`
    yield* this.#cache.get(name) ?? []
    for (const folder of this.#defaultFolders(need)) yield `${folder}/${name}`
  }

  /** A file for another machine is passed over; what is no ELF file ends the search with "invalid ELF header". */
  stopsAt({ content }: TreeNode): boolean {
    return content?.kind !== 'elf'
  }

  #foldersBeforeCache(need: Need): string[] {
    const { object } = need
    const own = (of: LoadedObject, folders: readonly string[] = []) =>
      folders.flatMap((folder) => expand(folder, of.origin, of.elf))
    const inherited = object.elf.runpath
      ? []
      : chainOf(need).flatMap((link) => (link.elf.runpath ? [] : own(link, link.elf.rpath)))
    return [...inherited, ...this.#libraryPath, ...own(object, object.elf.runpath)]
  }

  #defaultFolders({ interpreter, object }: Need): string[] {
    const key = interpreter ?? ''
    const known = this.#defaults.get(key)
    if (known) return known
    const loader = interpreter === undefined ? undefined : this.#tree.find(interpreter)?.content
    const told = loader?.kind === 'elf' ? loader.loaderFolders : undefined
    const triplet = triplets[object.elf.architecture ?? '']
    const multiarch = triplet ? [`/lib/${triplet}`, `/usr/lib/${triplet}`] : []
    const folders = told ?? [...multiarch, ...commonFolders]
    this.#defaults.set(key, folders)
    return folders
  }
}

/** Replaces `$ORIGIN`, `$LIB` and `$PLATFORM`; `$LIB` differs between distributions, so it gives several. */
function expand(folder: string, origin: string, { architecture = '' }: Elf): string[] {
  const platforms: Record<string, string> = { amd64: 'x86_64', arm64: 'aarch64', arm: 'v7l', '386': 'i686' }
  const known = folder
    .replaceAll(/\$ORIGIN\b|\$\{ORIGIN\}/g, origin)
    .replaceAll(/\$PLATFORM\b|\$\{PLATFORM\}/g, platforms[architecture] ?? architecture)
  if (!/\$LIB\b|\$\{LIB\}/.test(known)) return [known]
  const triplet = triplets[architecture]
  return [...(triplet ? [`lib/${triplet}`] : []), 'lib64', 'lib'].map((name) =>
    known.replaceAll(/\$LIB\b|\$\{LIB\}/g, name),
  )
}

function readCache(tree: FileTree): Map<string, string[]> {
  const cache = new Map<string, string[]>()
  const content = tree.find('/etc/ld.so.cache')?.content
  if (content?.kind !== 'loader-cache') return cache
  for (const [name, path] of content.libraries) cache.set(name, [...(cache.get(name) ?? []), path])
  return cache
}
