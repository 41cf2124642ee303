/**
 * Makes a root folder of an image's layers (OCI image specification, layer.md): whiteouts, opaque folders, hard links, modes,
 * and owners. Every name in a layer is a stranger's: symbolic links are resolved within the root, so that nothing can land
 * outside of it.
 */
import {
  chmod,
  chown,
  lchown,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rm,
  symlink,
} from 'node:fs/promises'
import { type CancelOptions, codeOf, messageOf } from '../../../base/index.ts'
import { compressionOf } from '../../../oci/index.ts'
import type { ImageReader } from '../../../store/index.ts'
import { decompress, encodeName, readTar, type TarEntry } from '../../../tar/index.ts'
import { SmokeError } from '../../smoke-error.ts'
import type { RootImage } from './root-folder.ts'

/** Fills the folder, which is empty, and makes the image's working directory, as engines do. Throws `SmokeError` `UNPACK_FAILED`, `TarError`, the store's errors. */
export async function unpackLayers(
  reader: Pick<ImageReader, 'name' | 'blob'>,
  image: RootImage,
  root: string,
  { signal }: CancelOptions,
): Promise<void> {
  for (const layer of image.layers) {
    const name = `layer ${layer.digest} of ${reader.name}`
    const bytes = decompress(reader.blob(layer)({ signal }), {
      compression: compressionOf(layer.mediaType) ?? 'auto',
      name,
      signal,
    })
    const unpacking = new LayerUnpacking(root)
    for await (const entry of readTar(bytes, { paths: 'report', name, signal })) {
      await unpacking.add(entry).catch((error: unknown) => {
        throw new SmokeError(
          'UNPACK_FAILED',
          `${name}: ${entry.path} cannot be unpacked: ${messageOf(error)}`,
          {
            kind: 'environment',
            hint: 'is the disk full? --cache-dir names another folder',
            cause: error,
          },
        )
      })
    }
    await unpacking.finish()
  }
  await new LayerUnpacking(root).makeFolder(image.config.config?.WorkingDir ?? '/')
}

/** as many as Linux follows */
const maxLinks = 40

const refused = new Set(['parent-segment', 'nul-byte', 'empty-path', 'empty-link'])

/** One layer upon what is there already. */
class LayerUnpacking {
  readonly #root: string
  /** modes of folders: set last, as one that may not be written to still has to be filled */
  readonly #folders = new Map<string, number>()
  /** what this layer has written: an opaque whiteout hides lower layers only */
  readonly #own = new Set<string>()
  /** folders by the path that entries call them, with symbolic links resolved */
  readonly #resolved = new Map<string, string>()

  constructor(root: string) {
    this.#root = root
  }

  async add(entry: TarEntry): Promise<void> {
    if (entry.problems.some((problem) => refused.has(problem))) return
    const path = await this.#place(entry.path)
    const { folder, name } = split(path)
    if (name === '.wh..wh..opq') return this.#empty(folder)
    if (name.startsWith('.wh.')) return this.#remove(below(folder, name.slice('.wh.'.length)))
    this.#own.add(path)
    if (entry.type === 'directory') return this.#addFolder(path, entry)
    await this.#remove(path)
    await this.#write(entry, this.#at(path))
  }

  async finish(): Promise<void> {
    for (const [path, mode] of this.#folders) await chmod(this.#at(path), mode).catch(ignoreMissing)
  }

  /** Makes it where it is missing. */
  async makeFolder(path: string): Promise<void> {
    await this.#resolve(path)
  }

  async #write({ type, linkPath = '', mode, uid, gid, body }: TarEntry, target: Buffer): Promise<void> {
    switch (type) {
      case 'file': {
        const file = await open(target, 'wx', 0o600)
        try {
          for await (const chunk of body) await file.writeFile(chunk)
          await file.chown(uid, gid)
          await file.chmod(mode)
        } finally {
          await file.close()
        }
        return
      }
      case 'symlink':
        await symlink(Buffer.from(encodeName(linkPath)), target)
        return lchown(target, uid, gid)
      case 'hardlink':
        return link(this.#at(await this.#place(linkPath)), target)
      default:
        // Devices and pipes: the runtime makes those that a container has.
        return
    }
  }

  async #addFolder(path: string, { mode, uid, gid }: TarEntry): Promise<void> {
    const info = await lstat(this.#at(path)).catch(ignoreMissing)
    if (info && !info.isDirectory()) await this.#remove(path)
    if (!info?.isDirectory()) await mkdir(this.#at(path), 0o700)
    await chown(this.#at(path), uid, gid)
    this.#folders.set(path, mode)
  }

  /** Where an entry is: its folder with links resolved, as engines do, and its own name, which is never followed. */
  async #place(path: string): Promise<string> {
    const { folder, name } = split(path)
    const known = this.#resolved.get(folder) ?? (await this.#resolve(folder))
    this.#resolved.set(folder, known)
    return below(known, name)
  }

  /** Resolves links within the root, as a process inside would see them, and makes what is missing. */
  async #resolve(folder: string): Promise<string> {
    const pending = folder.split('/')
    let path = ''
    for (let links = 0; pending.length > 0; ) {
      const segment = pending.shift() ?? ''
      if (segment === '' || segment === '.') continue
      if (segment === '..') {
        path = split(path).folder
        continue
      }
      const next = below(path, segment)
      const info = await lstat(this.#at(next)).catch(ignoreMissing)
      if (info?.isSymbolicLink() && links < maxLinks) {
        links++
        const target = await readlink(this.#at(next))
        pending.unshift(...target.split('/'))
        if (target.startsWith('/')) path = ''
        continue
      }
      if (info && !info.isDirectory()) await this.#remove(next)
      if (!info?.isDirectory()) await mkdir(this.#at(next), 0o755)
      path = next
    }
    return path
  }

  async #empty(folder: string): Promise<void> {
    for (const name of await readdir(this.#at(folder)).catch(() => [])) {
      const path = below(folder, name)
      if (!this.#own.has(path)) await this.#remove(path)
    }
  }

  async #remove(path: string): Promise<void> {
    const info = await lstat(this.#at(path)).catch(ignoreMissing)
    if (!info) return
    if (!info.isFile()) this.#resolved.clear()
    await rm(this.#at(path), { recursive: true, force: true })
  }

  /** Names are bytes, which need not be UTF-8. */
  #at(path: string): Buffer {
    return Buffer.concat([Buffer.from(`${this.#root}/`), encodeName(path)])
  }
}

function split(path: string): { folder: string; name: string } {
  const slash = path.lastIndexOf('/')
  return slash < 0
    ? { folder: '', name: path }
    : { folder: path.slice(0, slash), name: path.slice(slash + 1) }
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
  throw error
}
