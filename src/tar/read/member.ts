/**
 * One member's header as the archive means it: the header block with everything that extended headers say about it, in the
 * order of precedence that Go's archive/tar has, because container engines read layers with it.
 */
import type { EntryType } from '../entry.ts'
import {
  blockSize,
  type HeaderBlock,
  isZeroBlock,
  paddingOf,
  parseHeaderBlock,
} from '../format/header-block.ts'
import { decodeName } from '../format/name-encoding.ts'
import { type PaxRecord, parsePaxRecords } from '../format/pax-records.ts'
import { TarError } from '../tar-error.ts'
import type { ByteQueue } from './byte-queue.ts'
import { applyPaxRecords } from './pax-attributes.ts'
import { readOldSparseMap, readPaxSparseMap, type SparseMap } from './sparse-map.ts'

export interface Member {
  type: EntryType
  rawPath: string
  rawLinkPath: string
  mode: number
  uid: number
  gid: number
  uname: string
  gname: string
  mtime: number
  /** bytes that follow the header in the archive, without the padding */
  storedSize: number
  devmajor: number
  devminor: number
  xattrs: Map<string, Uint8Array>
  sparse?: SparseMap
}

/** Extended headers that have been read and wait for the member that they describe. */
interface Pending {
  local?: PaxRecord[]
  longName?: string
  longLink?: string
}

const entryTypes: Partial<Record<string, EntryType>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file', // "contiguous"
  S: 'file', // GNU sparse
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  D: 'directory', // GNU incremental: a directory followed by a list of names
  '6': 'fifo',
}

/** Types that content can follow. The size field of the others means nothing, whatever it says. */
const withContent = new Set(['0', '\0', '7', 'S', 'D'])

export class MemberReader {
  readonly #queue: ByteQueue
  readonly #maxExtendedHeaderBytes: number
  #global: PaxRecord[] = []

  constructor(queue: ByteQueue, maxExtendedHeaderBytes: number) {
    this.#queue = queue
    this.#maxExtendedHeaderBytes = maxExtendedHeaderBytes
  }

  /**
   * The next member; undefined at the end of the archive. That is two zero blocks, or simply the end of the stream between
   * two members, as GNU tar and Go's archive/tar have it.
   */
  async next(): Promise<Member | undefined> {
    const pending: Pending = {}
    for (;;) {
      const where = `${this.#queue.name} at byte ${this.#queue.position}`
      const block = await this.#nextBlock()
      if (block === undefined) {
        if (Object.keys(pending).length > 0)
          throw this.#queue.truncated('an extended header without a member')
        return undefined
      }
      const header = parseHeaderBlock(block, where)
      if (!(await this.#readExtended(header, pending, where))) {
        return await this.#member(block, header, pending, where)
      }
    }
  }

  async #nextBlock(): Promise<Uint8Array | undefined> {
    const block = await this.#queue.read(blockSize)
    if (block.length === 0) return undefined
    if (block.length < blockSize) throw this.#queue.truncated('a header')
    if (!isZeroBlock(block)) return block
    const second = await this.#queue.read(blockSize)
    if (second.length === 0 || isZeroBlock(second)) return undefined
    throw new TarError(
      'TAR_MALFORMED',
      `${this.#queue.name}: a lone zero block before byte ${this.#queue.position}, with more behind it`,
      { kind: 'environment' },
    )
  }

  /** Reads a header that describes what follows instead of being a member; false when it is a member. */
  async #readExtended(header: HeaderBlock, pending: Pending, where: string): Promise<boolean> {
    switch (header.typeflag) {
      case 'x':
      case 'X': // Sun's, before POSIX chose the small letter
        pending.local = parsePaxRecords(await this.#extendedData(header, where), where)
        return true
      case 'g':
        this.#mergeGlobal(parsePaxRecords(await this.#extendedData(header, where), where), where)
        return true
      case 'L':
        pending.longName = decodeName(untilNul(await this.#extendedData(header, where)))
        return true
      case 'K':
        pending.longLink = decodeName(untilNul(await this.#extendedData(header, where)))
        return true
      case 'V': // GNU volume label: a name for the archive
        return true
      default:
        return false
    }
  }

  async #extendedData({ size }: HeaderBlock, where: string): Promise<Uint8Array> {
    if (size > this.#maxExtendedHeaderBytes) {
      throw new TarError('TAR_LIMIT', `${where}: an extended header of ${size} bytes`, {
        kind: 'environment',
        details: { size, limit: this.#maxExtendedHeaderBytes },
      })
    }
    const data = await this.#queue.require(size, 'an extended header')
    await this.#queue.skip(paddingOf(size), 'an extended header')
    return data
  }

  /**
   * Global records are the defaults of all members that follow. Those that would name or resize members are refused: the
   * common readers disagree on whether they count, so no two would see the same archive.
   */
  #mergeGlobal(records: PaxRecord[], where: string): void {
    for (const { key } of records) {
      if (key !== 'path' && key !== 'linkpath' && key !== 'size' && !key.startsWith('GNU.sparse.')) continue
      throw new TarError('TAR_UNSUPPORTED', `${where}: a global PAX header sets ${key}`, {
        kind: 'environment',
      })
    }
    const owner = new Set(['uid', 'gid', 'uname', 'gname', 'mtime'])
    const merged = new Map(
      [...this.#global, ...records].filter(({ key }) => owner.has(key)).map((record) => [record.key, record]),
    )
    this.#global = [...merged.values()]
  }

  async #member(block: Uint8Array, header: HeaderBlock, pending: Pending, where: string): Promise<Member> {
    const type = entryTypes[header.typeflag]
    if (type === undefined) throw unsupportedType(header, where)
    const member = fromBlock(type, header)
    const local = pending.local ?? []
    applyPaxRecords(member, [...this.#global, ...local], where)
    if (pending.longName !== undefined) member.rawPath = pending.longName
    if (pending.longLink !== undefined) member.rawLinkPath = pending.longLink
    if (!withContent.has(header.typeflag)) member.storedSize = 0
    const source = {
      queue: this.#queue,
      storedSize: member.storedSize,
      maxMapBytes: this.#maxExtendedHeaderBytes,
    }
    const sparse =
      header.typeflag === 'S' ? await readOldSparseMap(block, source) : await readPaxSparseMap(local, source)
    if (sparse && type === 'file') member.sparse = sparse
    if (type === 'file' && member.rawPath.endsWith('/')) member.type = 'directory' // as writers before ustar had it
    return member
  }
}

function fromBlock(type: EntryType, header: HeaderBlock): Member {
  const name = decodeName(header.name)
  return {
    type,
    rawPath: header.prefix.length > 0 ? `${decodeName(header.prefix)}/${name}` : name,
    rawLinkPath: decodeName(header.linkName),
    mode: header.mode,
    uid: header.uid,
    gid: header.gid,
    uname: decodeName(header.uname),
    gname: decodeName(header.gname),
    mtime: header.mtime,
    storedSize: header.size,
    devmajor: header.devmajor,
    devminor: header.devminor,
    xattrs: new Map(),
  }
}

function unsupportedType({ typeflag, name }: HeaderBlock, where: string): TarError {
  const what =
    typeflag === 'M'
      ? 'the continuation of a multi-volume archive'
      : `of unknown type ${JSON.stringify(typeflag)}`
  return new TarError('TAR_UNSUPPORTED', `${where}: ${JSON.stringify(decodeName(name))} is ${what}`, {
    kind: 'environment',
    details: { typeflag },
  })
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}
