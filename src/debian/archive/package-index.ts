/** The packages of one architecture in all parts of a suite, found by name without parsing the 60,000 that nobody asks for. */
import { type CancelOptions, collect } from '../../base/index.ts'
import { decompress } from '../../tar/index.ts'
import { type PackageRecord, parsePackageRecord } from '../control/package-record.ts'
import { DebianError } from '../debian-error.ts'
import type { DebianCache } from '../ports.ts'
import { displayUrl, type Mirror } from './mirror.ts'
import { obtain } from './package-file.ts'
import type { VerifiedRelease } from './release-index.ts'
import { type StanzaTable, stanzaTable } from './stanza-table.ts'

/** A package, and the archive that it is in. */
export interface ArchivePackage extends PackageRecord {
  /** root of the archive, for its file */
  archiveUri: string
}

export interface PackageIndex {
  /** All versions of a package. Throws `DebianError` `DEBIAN_INDEX_MALFORMED`. */
  named(name: string): readonly ArchivePackage[]
  /** All packages that provide a virtual package. Throws `DebianError` `DEBIAN_INDEX_MALFORMED`. */
  providing(name: string): readonly ArchivePackage[]
}

/** Larger indexes are refused; the largest real one has 60 MB. */
const maxIndexBytes = 512 * 1024 * 1024

/** Whether a part of the suite has packages for an architecture. */
export function isBuiltFor({ release }: VerifiedRelease, architecture: string): boolean {
  return release.architectures.includes(architecture)
}

/** Reads the package indexes of an architecture; parts that are not built for it are passed over. Throws `DebianError`. */
export async function readPackageIndex(
  releases: readonly VerifiedRelease[],
  architecture: string,
  access: { mirror: Mirror; cache: DebianCache },
  options: CancelOptions,
): Promise<PackageIndex> {
  const tables: { table: StanzaTable; archiveUri: string; where: string }[] = []
  for (const verified of releases) {
    const { archive } = verified
    for (const path of indexPaths(verified, architecture)) {
      const where = displayUrl(`${archive.uri}/dists/${archive.suite}/${path}`)
      const table = stanzaTable(await readIndex(verified, path, where, access, options))
      tables.push({ table, archiveUri: archive.uri, where })
    }
  }
  const find = (pick: (table: StanzaTable) => readonly string[]): ArchivePackage[] =>
    tables.flatMap(({ table, archiveUri, where }) =>
      pick(table).map((text) => ({ ...parsePackageRecord(text, where), archiveUri })),
    )
  return {
    named: (name) => find((table) => table.named(name)),
    providing: (name) => find((table) => table.providing(name)),
  }
}

function indexPaths(verified: VerifiedRelease, architecture: string): string[] {
  const names = [
    ...(isBuiltFor(verified, architecture) ? [architecture] : []),
    ...(verified.release.separateAll ? ['all'] : []),
  ]
  return names.map((name) => `main/binary-${name}/Packages`)
}

/** gzip first: it costs a third more bytes than xz, and a third of the time to expand. */
const suffixes = ['.gz', '.xz', '']

async function readIndex(
  { archive, release }: VerifiedRelease,
  path: string,
  where: string,
  access: { mirror: Mirror; cache: DebianCache },
  options: CancelOptions,
): Promise<Uint8Array> {
  const name = suffixes.map((suffix) => path + suffix).find((candidate) => release.files.has(candidate))
  const listed = name === undefined ? undefined : release.files.get(name)
  if (name === undefined || !listed) {
    const message = `${where} is not listed in the index of the suite`
    throw new DebianError('DEBIAN_INDEX_MALFORMED', message, { kind: 'environment' })
  }
  const root = `${archive.uri}/dists/${archive.suite}`
  // By its checksum a file can be had even while the mirror is being updated.
  const byHash = `${root}/${path.slice(0, path.lastIndexOf('/'))}/by-hash/SHA256/${listed.sha256}`
  const urls = [...(release.acquireByHash ? [byHash] : []), `${root}/${name}`]
  const source = await obtain({ ...listed, urls }, access, options)
  const plain = release.files.get(path)
  const maxBytes = Math.min(plain?.size ?? maxIndexBytes, maxIndexBytes)
  const limits = { maxBytes, maxRatio: Number.POSITIVE_INFINITY }
  const stream = decompress(source(options), { compression: 'auto', limits, name: where, ...options })
  return plain ? fill(stream, maxBytes) : collect(stream, maxBytes, where)
}

/** Reads a stream of known size without holding it twice; the stream's own limit keeps it from being longer. */
async function fill(stream: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(size)
  let filled = 0
  for await (const chunk of stream) {
    bytes.set(chunk, filled)
    filled += chunk.byteLength
  }
  return bytes.subarray(0, filled)
}
