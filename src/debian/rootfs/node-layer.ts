/** The layer of Node: the program and its licence out of the npm package. npm itself and the headers stay out. */
import type { CancelOptions, Source } from '../../base/index.ts'
import { decompress, type LayerEntry, readTar, type TarEntry } from '../../tar/index.ts'
import { DebianError } from '../debian-error.ts'
import type { NodePackage } from '../resolution/node-release.ts'
import { archivedContent } from './archived-content.ts'
import { type DraftEntry, directory, symlink } from './draft-entry.ts'

export interface NodeLayerPlan {
  node: NodePackage
  /** seconds since 1970, of every entry */
  mtime: number
  /** the tarball, verified */
  open: (options: CancelOptions) => Promise<Source>
}

/** Where files of the package go, and their permissions. */
const places: ReadonlyMap<string, { path: string; mode: number }> = new Map([
  ['bin/node', { path: 'usr/local/bin/node', mode: 0o755 }],
  ['LICENSE', { path: 'usr/local/share/doc/node/LICENSE', mode: 0o644 }],
])

const folders = [
  'usr',
  'usr/local',
  'usr/local/bin',
  'usr/local/share',
  'usr/local/share/doc',
  'usr/local/share/doc/node',
]

/** Throws `DebianError` `DEBIAN_PACKAGE_MALFORMED` when the package has no program, and `TarError`. */
export async function* nodeLayer(
  { node, mtime, open }: NodeLayerPlan,
  options: CancelOptions,
): AsyncGenerator<LayerEntry> {
  const timed = (entry: DraftEntry): LayerEntry => ({ ...entry, mtime })
  const tarball = await open(options)
  const members = (readOptions: CancelOptions) =>
    readPackage(tarball, `${node.package}@${node.version}`, readOptions)
  yield* folders.map((path) => timed(directory(path)))
  yield timed(symlink('usr/local/bin/nodejs', 'node'))
  const missing = new Set(places.keys())
  for await (const entry of members(options)) {
    const name = entry.path.slice(entry.path.indexOf('/') + 1)
    const place = places.get(name)
    if (!place || entry.type !== 'file' || !missing.delete(name)) continue
    const { size } = entry
    yield timed({ ...place, type: 'file', uid: 0, gid: 0, size, content: archivedContent(members, entry) })
    // The program is the largest part by far, and is read when it is written.
    if (missing.size === 0) return
  }
  if (missing.has('bin/node')) throw noProgram(node)
}

/** Members of the npm package, which are all below one folder. */
function readPackage(tarball: Source, name: string, options: CancelOptions): AsyncGenerator<TarEntry> {
  const tar = decompress(tarball(options), { compression: 'gzip', name, ...options })
  return readTar(tar, { paths: 'strict', name, ...options })
}

function noProgram(node: NodePackage): DebianError {
  return new DebianError('DEBIAN_PACKAGE_MALFORMED', `${node.package}@${node.version} has no bin/node`, {
    kind: 'environment',
    hint: 'ask for another version of Node',
    details: { package: node.package, version: node.version },
  })
}
