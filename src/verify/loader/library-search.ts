/** Where a loader looks for a library, and what it takes. */
import type { Elf, Libc } from '../../elf/index.ts'
import { type FileTree, folderOf, type TreeNode } from '../tree/file-tree.ts'
import type { LoadedObject } from './dynamic-loader.ts'

export interface Need {
  /** the object whose need it is */
  object: LoadedObject
  program: LoadedObject
  libc: Libc
  /** of the program: the loader itself */
  interpreter: string | undefined
}

export type SearchResult = { node: TreeNode; elf: Elf; origin: string } | { searched: string[] }

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
const muslFolders = ['/lib', '/usr/local/lib', '/usr/lib']

export class LibrarySearch {
  readonly #tree: FileTree
  readonly #libraryPath: string[]
  readonly #cache: Map<string, string[]>
  readonly #defaults = new Map<string, string[]>()

  constructor(tree: FileTree, libraryPath: string | undefined) {
    this.#tree = tree
    this.#libraryPath = (libraryPath ?? '').split(/[:;]/).filter((folder) => folder !== '')
    this.#cache = readCache(tree)
  }

  find(name: string, need: Need): SearchResult {
    const { elf, origin } = need.object
    if (name.includes('/')) {
      const path = expand(name, origin, elf)[0] ?? name
      return this.#take(path, elf) ?? { searched: [folderOf(path)] }
    }
    const searched: string[] = []
    for (const folder of this.#foldersBeforeCache(need)) {
      const found = this.#take(`${folder}/${name}`, elf)
      if (found) return found
      searched.push(folder)
    }
    if (need.libc === 'glibc') {
      for (const path of this.#cache.get(name) ?? []) {
        const found = this.#take(path, elf)
        if (found) return found
      }
    }
    for (const folder of this.#defaultFolders(need)) {
      const found = this.#take(`${folder}/${name}`, elf)
      if (found) return found
      searched.push(folder)
    }
    return { searched: [...new Set(searched)] }
  }

  /** A file for another machine is passed over, as the loader does in folders that it searches. */
  #take(path: string, { machine, class: width }: Elf): SearchResult | undefined {
    const node = this.#tree.find(path)
    if (node?.content?.kind !== 'elf') return undefined
    const { elf } = node.content
    return elf.machine === machine && elf.class === width
      ? { node, elf, origin: folderOf(path) || '/' }
      : undefined
  }

  #foldersBeforeCache({ object, program, libc }: Need): string[] {
    const own = (of: LoadedObject, folders: readonly string[] | undefined) =>
      (folders ?? []).flatMap((folder) => expand(folder, of.origin, of.elf))
    const chain: LoadedObject[] = []
    for (let link: LoadedObject | undefined = object; link; link = link.neededBy) chain.push(link)
    if (chain.at(-1) !== program) chain.push(program)
    // musl takes both kinds alike, and asks every object of the chain.
    if (libc === 'musl') {
      return [...this.#libraryPath, ...chain.flatMap((link) => own(link, link.elf.runpath ?? link.elf.rpath))]
    }
    const inherited = object.elf.runpath
      ? []
      : chain.flatMap((link) => (link.elf.runpath ? [] : own(link, link.elf.rpath)))
    return [...inherited, ...this.#libraryPath, ...own(object, object.elf.runpath)]
  }

  #defaultFolders({ interpreter, libc, object }: Need): string[] {
    const key = `${libc} ${interpreter ?? ''}`
    const known = this.#defaults.get(key)
    if (known) return known
    const folders =
      libc === 'musl' ? this.#muslFolders(object.elf) : this.#glibcFolders(object.elf, interpreter)
    this.#defaults.set(key, folders)
    return folders
  }

  #glibcFolders({ architecture }: Elf, interpreter: string | undefined): string[] {
    const loader = interpreter === undefined ? undefined : this.#tree.find(interpreter)
    const told = loader?.content?.kind === 'elf' ? loader.content.loaderFolders : undefined
    if (told) return told
    const triplet = triplets[architecture ?? '']
    return [...(triplet ? [`/lib/${triplet}`, `/usr/lib/${triplet}`] : []), ...commonFolders]
  }

  /** `/etc/ld-musl-ARCH.path` replaces the default folders. */
  #muslFolders(elf: Elf): string[] {
    const soname = elf.needed.find((name) => name.startsWith('libc.musl-'))
    const named = /^libc\.musl-(.+)\.so/.exec(soname ?? '')?.[1]
    const etc = this.#tree.find('/etc')?.children ?? new Map<string, TreeNode>()
    const files = [...etc.values()].filter(({ path }) =>
      named ? path === `etc/ld-musl-${named}.path` : /^etc\/ld-musl-.*\.path$/.test(path),
    )
    const content = files[0]?.content
    if (content?.kind !== 'text') return muslFolders
    return content.text.split(/[:\n]/).filter((folder) => folder !== '')
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
