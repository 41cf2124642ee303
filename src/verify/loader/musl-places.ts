/** The search of musl's loader (ldso/dynlink.c, `load_library`). */
import { type FileTree, folderOf, nameOf } from '../tree/file-tree.ts'
import { chainOf, type LoadedObject, type Need, type Places } from './need.ts'

const defaultFolders = ['/lib', '/usr/local/lib', '/usr/lib']

export class MuslPlaces implements Places {
  readonly #tree: FileTree
  readonly #libraryPath: string[]

  constructor(tree: FileTree, libraryPath = '') {
    this.#tree = tree
    this.#libraryPath = listOf(libraryPath)
  }

  pathsOf(name: string, need: Need): string[] {
    if (name.includes('/')) return [name]
    const folders = [...this.#libraryPath, ...chainOf(need).flatMap(ownFolders), ...this.#systemFolders(need)]
    return folders.map((folder) => `${folder}/${name}`)
  }

  /** It takes the first file that it can open, whatever it is. */
  stopsAt(): boolean {
    return true
  }

  /** The folders of `/etc/ld-musl-ARCH.path` instead of the default ones; the file belongs to the loader's root (`/opt` of `/opt/lib/ld-musl-ARCH.so.1`). */
  #systemFolders({ interpreter = this.#loader() }: Need): string[] {
    const arch = /^ld-musl-(.+)\.so\.1$/.exec(nameOf(interpreter))?.[1]
    const file = this.#tree.find(`${folderOf(folderOf(interpreter))}/etc/ld-musl-${arch}.path`)
    if (file === undefined) return defaultFolders
    return file.content?.kind === 'text' ? listOf(file.content.text) : []
  }

  /** For objects that name none: the one in the image. */
  #loader(): string {
    const names = [...(this.#tree.find('/lib')?.children?.keys() ?? [])]
    return `/lib/${names.find((name) => name.startsWith('ld-musl-')) ?? 'ld-musl.so.1'}`
  }
}

/** Both kinds of run path are alike, the newer one counts; one with a variable that musl does not know counts for nothing. */
function ownFolders({ elf, origin }: LoadedObject): string[] {
  const folders = (elf.runpath ?? elf.rpath ?? []).map((folder) =>
    folder.replaceAll(/\$ORIGIN|\$\{ORIGIN\}/g, origin),
  )
  return folders.some((folder) => folder.includes('$')) ? [] : folders
}

function listOf(text: string): string[] {
  return text.split(/[:\n]/).filter((folder) => folder !== '')
}
