/**
 * The native addons of one platform's image, from the bytes of its layers: bindings are often lazy, so that a service starts
 * although its addon cannot be loaded; found here, each is loaded itself.
 */
import type { CancelOptions } from '../../base/index.ts'
import { type Elf, ElfWindow, readElf } from '../../elf/index.ts'
import { compressionOf } from '../../oci/index.ts'
import type { ImageReader } from '../../store/index.ts'
import { decompress, readTar, type TarEntry } from '../../tar/index.ts'
import type { PlatformImage } from '../platform-image.ts'

export interface FoundAddon {
  /** inside the image, without a leading slash */
  path: string
  /** absent when the file is no ELF file */
  elf?: Elf
}

/** All `.node` files that the image shows, sorted by path, whatever they were compiled for. */
export async function findAddons(
  reader: ImageReader,
  image: PlatformImage,
  { signal }: CancelOptions,
): Promise<FoundAddon[]> {
  const found = new Map<string, FoundAddon>()
  for (const layer of image.layers) {
    const name = `layer ${layer.digest} of ${reader.name}`
    const bytes = decompress(reader.blob(layer)({ signal }), {
      compression: compressionOf(layer.mediaType) ?? 'auto',
      name,
      signal,
    })
    const below = new Set(found.keys())
    for await (const entry of readTar(bytes, { paths: 'report', name, signal })) {
      hide(entry, found, below)
      const addon = await addonOf(entry, found)
      if (addon) found.set(addon.path, addon)
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function addonOf(
  entry: TarEntry,
  found: ReadonlyMap<string, FoundAddon>,
): Promise<FoundAddon | undefined> {
  const { path, type, size, linkPath = '', body } = entry
  if (!path.endsWith('.node')) return undefined
  if (type === 'hardlink') {
    const target = found.get(linkPath)
    return target && { ...target, path }
  }
  if (type !== 'file') return undefined
  const window = new ElfWindow(size)
  for await (const chunk of body) window.add(chunk)
  const reading = readElf(window)
  return { path, ...(reading ? { elf: reading.elf } : {}) }
}

/** Whiteouts (OCI image specification, layer.md) hide what lower layers have; any other entry replaces it. */
function hide({ path, type }: TarEntry, found: Map<string, FoundAddon>, below: ReadonlySet<string>): void {
  const slash = path.lastIndexOf('/') + 1
  const folder = path.slice(0, slash)
  const name = path.slice(slash)
  const hidden = (candidate: string): boolean => {
    if (name === '.wh..wh..opq') return candidate.startsWith(folder)
    if (name.startsWith('.wh.')) return isAt(candidate, folder + name.slice(4))
    return type !== 'directory' && isAt(candidate, path)
  }
  const isSpecial = name.startsWith('.wh.') || type !== 'directory'
  if (!isSpecial || below.size === 0) return
  for (const candidate of below) if (hidden(candidate)) found.delete(candidate)
}

function isAt(candidate: string, path: string): boolean {
  return candidate === path || candidate.startsWith(`${path}/`)
}
