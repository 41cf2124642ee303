/**
 * A package's tarball → its files as npm would put them on disk: the first folder of every name dropped, links and empty
 * folders left out, modes made readable and writable, `.gitignore` turned into `.npmignore`. What npm's extraction skips
 * with a warning is refused here: names that lead elsewhere, devices, a file in the place of a folder.
 */
import { posix } from 'node:path'
import { CodedError, compareText, messageOf, type Source } from '../base/index.ts'
import { type LockedPackage, nameAndVersion } from '../lockfile/index.ts'
import { decompress, readTar, type TarEntry } from '../tar/index.ts'
import { NpmError } from './npm-error.ts'
import type { Spool } from './spool.ts'

/** A file of a package, or a folder that holds one, as npm would put it on disk. */
export interface PackageFile {
  /** relative to the package's folder, with `/` */
  readonly path: string
  readonly type: 'file' | 'directory'
  /** permission bits under umask 022 */
  readonly mode: number
  /** bytes */
  readonly size: number
  readonly content: Source
}

/** Bytes that a package may unpack to; the largest real ones come near one GiB. */
const maxUnpackedBytes = 8 * 2 ** 30

/** The files of a package, sorted by path, every folder that holds one included. Throws `NpmError` `NPM_TARBALL_INVALID`. */
export async function unpackPackage(
  locked: LockedPackage,
  tarball: Source,
  spool: Spool,
  signal: AbortSignal,
): Promise<PackageFile[]> {
  const files = new Map<string, PackageFile>()
  try {
    for await (const { entry, path } of packageEntries(locked, tarball, signal)) {
      addFolders(files, posix.dirname(path), locked)
      await addFile(files, entry, path, locked, spool)
    }
  } catch (error) {
    throw invalidTarball(locked, error)
  }
  return [...files.values()].sort((a, b) => compareText(a.path, b.path))
}

/** One file of a package, read without keeping any other; undefined when it is not there. */
export async function findInPackage(
  locked: LockedPackage,
  tarball: Source,
  wanted: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  let found: Uint8Array | undefined
  try {
    for await (const { entry, path } of packageEntries(locked, tarball, signal)) {
      if (path === wanted) found = await bytesOf(entry)
    }
  } catch (error) {
    throw invalidTarball(locked, error)
  }
  return found
}

async function bytesOf(entry: TarEntry): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of entry.body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

interface PackageEntry {
  entry: TarEntry
  path: string
}

/** The files of a tarball, with the paths that they get on disk. */
async function* packageEntries(
  locked: LockedPackage,
  tarball: Source,
  signal: AbortSignal,
): AsyncGenerator<PackageEntry> {
  const name = `the tarball of ${nameAndVersion(locked)}`
  const limits = { maxBytes: maxUnpackedBytes }
  const archive = decompress(tarball({ signal }), { compression: 'auto', signal, name, limits })
  const ignoreFiles = new Set<string>()
  for await (const entry of readTar(archive, { paths: 'strict', signal, name })) {
    if (entry.type !== 'file') continue
    const path = pathOnDisk(entry, ignoreFiles)
    if (path) yield { entry, path }
  }
}

/** npm takes a `.gitignore` for the missing `.npmignore` of its folder. */
function pathOnDisk({ path }: TarEntry, ignoreFiles: Set<string>): string | undefined {
  const slash = path.indexOf('/')
  if (slash < 0) return undefined
  const inside = path.slice(slash + 1)
  const base = posix.basename(inside)
  if (base === '.npmignore') ignoreFiles.add(inside)
  if (base !== '.gitignore') return inside
  const renamed = `${inside.slice(0, -'.gitignore'.length)}.npmignore`
  return ignoreFiles.has(renamed) ? undefined : renamed
}

async function addFile(
  files: Map<string, PackageFile>,
  entry: TarEntry,
  path: string,
  locked: LockedPackage,
  spool: Spool,
): Promise<void> {
  const earlier = files.get(path)
  if (earlier?.type === 'directory') throw conflict(locked, path)
  const content = await spool.add(entry.body, entry.size)
  // Of two files with one name npm writes the second one's content into the first one.
  const mode = earlier?.mode ?? modeOnDisk(entry.mode, isMadeExecutable(locked, path))
  files.set(path, { path, type: 'file', mode, size: entry.size, content })
}

/** Commands of packages that npm looks up by name, or takes from a file, are executable even when no `.bin` link is made. */
function isMadeExecutable({ resolved, bin }: LockedPackage, path: string): boolean {
  return (resolved === undefined || resolved.startsWith('file:')) && Object.values(bin).includes(path)
}

function addFolders(files: Map<string, PackageFile>, path: string, locked: LockedPackage): void {
  if (path === '.') return
  const known = files.get(path)
  if (known?.type === 'directory') return
  if (known) throw conflict(locked, path)
  addFolders(files, posix.dirname(path), locked)
  files.set(path, { path, type: 'directory', mode: 0o755, size: 0, content: noContent })
}

async function* noContent(): AsyncGenerator<Uint8Array> {}

/** Whatever the tarball says, everybody may read, and the owner may write; nobody else may write (umask 022). */
function modeOnDisk(mode: number, executable: boolean): number {
  return ((mode | 0o666) & ~0o022) | (executable ? 0o111 : 0)
}

function conflict(locked: LockedPackage, path: string): NpmError {
  return new NpmError(
    'NPM_TARBALL_INVALID',
    `the tarball of ${nameAndVersion(locked)} has both a file and a folder at ${path}`,
    {
      kind: 'environment',
      details: { package: nameAndVersion(locked), entry: path },
    },
  )
}

function invalidTarball(locked: LockedPackage, cause: unknown): unknown {
  if (!(cause instanceof CodedError) || cause instanceof NpmError || cause.kind === 'interrupted')
    return cause
  return new NpmError('NPM_TARBALL_INVALID', `${nameAndVersion(locked)}: ${messageOf(cause)}`, {
    kind: 'environment',
    hint: 'nothing of it was unpacked; report it to the maintainers of the package, or pin another version',
    details: { ...cause.details, package: nameAndVersion(locked), reason: cause.code },
    cause,
  })
}
