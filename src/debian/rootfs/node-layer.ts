/** The layer of Node: the program and its licence out of the npm package. npm itself and the headers stay out. */
import type { CancelOptions, Source } from '../../base/index.ts'
import { decompress, type LayerEntry, readTar, type TarEntry } from '../../tar/index.ts'
import { DebianError } from '../debian-error.ts'
import type { NodePackage } from '../resolution/node-release.ts'
import { type DraftEntry, directory, symlink } from './draft-entry.ts'
import { passingContent } from './passing-content.ts'

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
  const members = (readOptions: CancelOptions) => readPackage(tarball, readOptions)
  yield* folders.map((path) => timed(directory(path)))
  yield timed(symlink('usr/local/bin/nodejs', 'node'))
  const missing = new Set(places.keys())
  for await (const entry of members(options)) {
    const name = entry.path.slice(entry.path.indexOf('/') + 1)
    const place = places.get(name)
    if (!place || entry.type !== 'file' || !missing.delete(name)) continue
    const { content, leave } = passingContent(entry, members)
    yield timed({ ...place, type: 'file', uid: 0, gid: 0, size: entry.size, content })
    leave()
  }
  if (missing.has('bin/node')) throw noProgram(node)
}

/** Members of an npm package, which are all below one folder. */
function readPackage(tarball: Source, options: CancelOptions): AsyncGenerator<TarEntry> {
  return readTar(decompress(tarball(options), { compression: 'gzip', ...options }), {
    paths: 'strict',
    ...options,
  })
}

function noProgram(node: NodePackage): DebianError {
  return new DebianError('DEBIAN_PACKAGE_MALFORMED', `${node.package}@${node.version} has no bin/node`, {
    kind: 'environment',
    hint: 'ask for another version of Node',
    details: { package: node.package, version: node.version },
  })
}
