/**
 * Reads the facts of a base image from its layers, once per layer: the result is kept by digest. A later layer hides what a
 * whiteout names (OCI image specification, layer.md), so an init or a user that was removed again is not found.
 */
import { type CancelOptions, collect, type Source } from '../../../base/index.ts'
import { parseElf } from '../../../elf/index.ts'
import { compressionOf, type Descriptor, type Platform, formatPlatform } from '../../../oci/index.ts'
import type { ContentCache } from '../../../store/index.ts'
import { decompress, readTar, type TarEntry } from '../../../tar/index.ts'
import { DirectError } from '../direct-error.ts'
import type { BaseFacts } from './base-image.ts'

/** What one layer adds or removes, of the few paths that matter here. */
interface LayerFacts {
  /** interesting paths that this layer has */
  paths: string[]
  /** paths that it removes, with everything below them */
  removed: string[]
  passwd?: string
  /** of os-release */
  osRelease?: string
  /** the version of glibc */
  glibc?: string
}

const inits = [
  'usr/bin/tini',
  'sbin/tini',
  'usr/sbin/tini',
  'bin/tini',
  'usr/local/bin/tini',
  'usr/bin/dumb-init',
  'usr/local/bin/dumb-init',
]
const nodes = ['usr/local/bin/node', 'usr/bin/node', 'opt/nodejs/bin/node', 'nodejs/bin/node', 'bin/node']
const libraries = /^(?:usr\/)?lib(?:32|64)?\/(?:[^/]+\/)?(libc\.so\.6|ld-musl-[^/]+\.so\.1)$/
const osReleases = ['etc/os-release', 'usr/lib/os-release']
const textLimit = 1 << 20
const libraryLimit = 64 << 20
/** Changed when layers are read otherwise than by an earlier release. */
const factsArea = 'base-layer-facts-2'

export async function baseFacts(
  layers: readonly Descriptor[],
  blob: (descriptor: Descriptor) => Source,
  cache: ContentCache,
  { what, platform, signal }: CancelOptions & { what: string; platform: Platform },
): Promise<BaseFacts> {
  const present = new Set<string>()
  let passwd = ''
  let osRelease = ''
  let glibc: string | undefined
  for (const layer of layers) {
    const facts = await layerFacts(layer, blob, cache, { signal })
    for (const path of present) {
      if (facts.removed.some((removed) => path === removed || path.startsWith(`${removed}/`)))
        present.delete(path)
    }
    for (const path of facts.paths) present.add(path)
    passwd = facts.passwd ?? passwd
    osRelease = facts.osRelease ?? osRelease
    glibc = facts.glibc ?? glibc
  }
  const libc = libcOf(present)
  if (!libc) {
    throw new DirectError(
      'BASE_WITHOUT_LIBC',
      `base ${what} has no C library for ${formatPlatform(platform)}`,
      {
        kind: 'usage',
        hint: 'Node needs glibc or musl: use a base such as node:22-slim, or let everyarch assemble one',
      },
    )
  }
  const init = inits.find((path) => present.has(path))
  const node = nodes.find((path) => present.has(path))
  return {
    libc,
    users: passwd.split('\n').flatMap((line) => line.split(':', 1)[0] || []),
    ...(init ? { init: `/${init}` } : {}),
    ...(node ? { node: `/${node}` } : {}),
    ...(libc === 'glibc' && glibc ? { glibc } : {}),
    ...debianOf(osRelease),
  }
}

/** Releases by their number, for images that leave the codename out. */
const codenames: Readonly<Record<string, string>> = {
  11: 'bullseye',
  12: 'bookworm',
  13: 'trixie',
  14: 'forky',
}

/** The codename of the Debian that an `os-release` (os-release(5)) speaks of; nothing for what is only made from it. */
function debianOf(osRelease: string): Pick<BaseFacts, 'debian'> {
  const field = (name: string) => new RegExp(`^${name}="?([\\w.-]+)"?\\s*$`, 'm').exec(osRelease)?.[1]
  if (field('ID') !== 'debian') return {}
  const codename = field('VERSION_CODENAME') ?? codenames[field('VERSION_ID') ?? '']
  return codename ? { debian: codename } : {}
}

function libcOf(paths: ReadonlySet<string>): BaseFacts['libc'] | undefined {
  const names = [...paths].flatMap((path) => libraries.exec(path)?.[1] ?? [])
  // Debian with musl's loader beside its own C library is still glibc; Alpine's compatibility package brings no libc.so.6.
  if (names.includes('libc.so.6')) return 'glibc'
  return names.length > 0 ? 'musl' : undefined
}

async function layerFacts(
  layer: Descriptor,
  blob: (descriptor: Descriptor) => Source,
  cache: ContentCache,
  { signal }: CancelOptions,
): Promise<LayerFacts> {
  const known = (await cache.record(factsArea, layer.digest)) as LayerFacts | undefined
  if (known) return known
  const facts: LayerFacts = { paths: [], removed: [] }
  const stream = decompress(blob(layer)({ signal }), {
    compression: compressionOf(layer.mediaType) ?? 'auto',
    signal,
  })
  for await (const entry of readTar(stream, { signal, paths: 'report' })) {
    const slash = entry.path.lastIndexOf('/') + 1
    const folder = entry.path.slice(0, slash)
    const name = entry.path.slice(slash)
    if (name === '.wh..wh..opq') facts.removed.push(folder.slice(0, -1))
    else if (name.startsWith('.wh.')) facts.removed.push(folder + name.slice(4))
    else await readEntry(entry, facts)
  }
  await cache.setRecord(factsArea, layer.digest, facts)
  return facts
}

async function readEntry(entry: TarEntry, facts: LayerFacts): Promise<void> {
  const { path, type, linkPath = '' } = entry
  const text = async (what: string) => new TextDecoder().decode(await collect(entry.body, textLimit, what))
  const [, library] = libraries.exec(path) ?? []
  if (inits.includes(path) || nodes.includes(path) || library) facts.paths.push(path)
  if (path === 'etc/passwd' && type === 'file') facts.passwd = await text('etc/passwd of the base')
  if (osReleases.includes(path) && type === 'file') facts.osRelease = await text(`${path} of the base`)
  if (library !== 'libc.so.6') return
  const named = /libc-(2\.\d+)\.so$/.exec(linkPath)?.[1]
  const version = type === 'file' ? glibcVersion(await collect(entry.body, libraryLimit, path)) : named
  if (version !== undefined) facts.glibc = version
}

/** The newest version of symbols that a C library has. */
function glibcVersion(bytes: Uint8Array): string | undefined {
  const minors = (parseElf(bytes)?.versionDefinitions ?? []).flatMap((version) => {
    const minor = /^GLIBC_2\.(\d+)/.exec(version)?.[1]
    return minor === undefined ? [] : Number(minor)
  })
  return minors.length > 0 ? `2.${Math.max(...minors)}` : undefined
}
