/** The files of one package, on their way into the layer. */
import { createHash } from 'node:crypto'
import { type CancelOptions, collect, fromBytes } from '../../base/index.ts'
import type { TarEntry } from '../../tar/index.ts'
import { type DebPackage, readControl, readData } from '../deb/deb-package.ts'
import { DebianError } from '../debian-error.ts'
import type { DraftEntry } from './draft-entry.ts'
import { archivedContent } from './archived-content.ts'
import { isPruned } from './pruned-paths.ts'
import type { RootTree } from './root-tree.ts'

/** A package that was unpacked: what the dpkg database says about it. */
export interface UnpackedPackage {
  name: string
  architecture: string
  multiArch: string
  control: ReadonlyMap<string, Uint8Array>
  /** paths of the package's own archive, in its order; files that another package replaces are not among them */
  paths: readonly string[]
  /** md5 of each configuration file, by path */
  configurationFiles: ReadonlyMap<string, string>
}

export interface UnpackTarget {
  tree: RootTree
  /** whether a package's files give way to those of another one that was unpacked before */
  isReplacedBy: (name: string, owner: string) => boolean
  /** given the content of each small file, by its path in the archive */
  onContent: (path: string, content: Uint8Array) => void
}

/**
 * Files up to this size are held in memory until they are written; for larger ones the package is read again. A writer that
 * reads ahead holds sixteen of them.
 */
const maxHeldBytes = 4 * 1024 * 1024

/**
 * Yields the entries of a package that are new in the tree, and returns what the dpkg database is to say. Throws
 * `DebianError` `DEBIAN_PACKAGE_CONFLICT` or `DEBIAN_PACKAGE_MALFORMED`, and `TarError`.
 */
export async function* unpackPackage(
  deb: DebPackage,
  { name, architecture, multiArch }: Pick<UnpackedPackage, 'name' | 'architecture' | 'multiArch'>,
  { tree, isReplacedBy, onContent }: UnpackTarget,
  options: CancelOptions,
): AsyncGenerator<DraftEntry, UnpackedPackage> {
  const control = await readControl(deb, options)
  const configuration = new Set(configurationPaths(control))
  const configurationFiles = new Map<string, string>()
  const paths: string[] = []
  for await (const entry of readData(deb, options)) {
    if (isPruned(entry.path)) {
      paths.push(entry.path)
      continue
    }
    if (entry.type === 'hardlink' && !tree.has(entry.linkPath ?? '')) throw lostLink(deb, entry)
    const isConfiguration = configuration.has(entry.path)
    const { draft, held } = await toDraft(deb, entry, isConfiguration)
    const placement = tree.place(draft, name)
    if (placement.kind === 'conflict') {
      if (isReplacedBy(name, placement.owner)) continue
      throw fileConflict(name, placement)
    }
    paths.push(entry.path)
    if (held) onContent(entry.path, held)
    if (held && isConfiguration)
      configurationFiles.set(entry.path, createHash('md5').update(held).digest('hex'))
    if (placement.kind === 'new') yield* placement.entries
  }
  return { name, architecture, multiArch, control, paths, configurationFiles }
}

function configurationPaths(control: ReadonlyMap<string, Uint8Array>): string[] {
  const lines = Buffer.from(control.get('conffiles') ?? [])
    .toString('utf8')
    .split('\n')
  // A line may begin with flags, such as remove-on-upgrade; those files are not in the archive.
  return lines.filter((line) => line.startsWith('/')).map((line) => line.slice(1).trimEnd())
}

/** The entry as it is to be written, and its content if that was read into memory. */
async function toDraft(
  deb: DebPackage,
  entry: TarEntry,
  hold: boolean,
): Promise<{ draft: DraftEntry; held?: Uint8Array }> {
  const { path, type, mode, uid, gid, size, linkPath } = entry
  const draft: DraftEntry = {
    path,
    type,
    mode,
    uid,
    gid,
    size,
    ...(linkPath === undefined ? {} : { linkPath }),
  }
  if (type !== 'file') return { draft }
  if (!hold && size > maxHeldBytes) {
    return { draft: { ...draft, content: archivedContent((options) => readData(deb, options), entry) } }
  }
  const held = await collect(entry.body, size, `${deb.name}: ${path}`)
  return { draft: { ...draft, content: fromBytes(held) }, held }
}

function lostLink(deb: DebPackage, { path, linkPath }: TarEntry): DebianError {
  return new DebianError(
    'DEBIAN_PACKAGE_MALFORMED',
    `${deb.name}: /${path} is a hard link to /${linkPath}, which is not there`,
    {
      kind: 'environment',
      details: { path },
    },
  )
}

function fileConflict(name: string, { path, owner }: { path: string; owner: string }): DebianError {
  return new DebianError('DEBIAN_PACKAGE_CONFLICT', `${owner} and ${name} both have /${path}`, {
    kind: 'usage',
    hint: 'on a Debian system a maintainer script would divert the file, and none is run here: drop one of the two from "packages"',
    details: { packages: [owner, name], path },
  })
}
