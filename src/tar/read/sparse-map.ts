/**
 * Sparse files: only the regions that hold data are stored. Four encodings exist, all GNU's: the old header's own
 * ("S" members), and the PAX versions 0.0, 0.1 and 1.0
 * (https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html).
 */
import { blockSize } from '../format/header-block.ts'
import { parseNumberField } from '../format/number-field.ts'
import type { PaxRecord } from '../format/pax-records.ts'
import { TarError } from '../tar-error.ts'
import type { ByteQueue } from './byte-queue.ts'

export interface Region {
  offset: number
  length: number
}

export interface SparseMap {
  /** the file's size, holes included */
  size: number
  /** in ascending order, not overlapping, within the size */
  regions: readonly Region[]
  /** bytes of the member's stored data that the map itself took (version 1.0) */
  stored: number
}

/** What a sparse map is checked against and read with. */
export interface SparseSource {
  queue: ByteQueue
  /** bytes that the member stores, an embedded map included */
  storedSize: number
  /** bytes that a map may take */
  maxMapBytes: number
}

const oldFirst = { offset: 386, count: 4, extended: 482, realSize: 483 }
const oldNext = { count: 21, extended: 504 }

/** Reads the map of an old GNU "S" header, the blocks that continue it included. */
export async function readOldSparseMap(header: Uint8Array, source: SparseSource): Promise<SparseMap> {
  const size = parseNumberField(header.subarray(oldFirst.realSize, oldFirst.realSize + 12))
  const numbers = oldNumbers(header, oldFirst.offset, oldFirst.count)
  let extended = header[oldFirst.extended] !== 0
  for (let read = blockSize; extended; read += blockSize) {
    if (read > source.maxMapBytes) throw tooLarge(source)
    const block = await source.queue.require(blockSize, 'a sparse file map')
    numbers.push(...oldNumbers(block, 0, oldNext.count))
    extended = block[oldNext.extended] !== 0
  }
  return checkedMap(numbers, size, 0, source)
}

/** The offset and length fields up to the first pair that is not filled in. */
function oldNumbers(block: Uint8Array, start: number, count: number): (number | undefined)[] {
  const numbers: (number | undefined)[] = []
  for (let at = start; at < start + count * 24 && block[at] !== 0; at += 24) {
    numbers.push(parseNumberField(block.subarray(at, at + 12)))
    numbers.push(parseNumberField(block.subarray(at + 12, at + 24)))
  }
  return numbers
}

/** Reads the map of a PAX sparse member; undefined when the records describe none. */
export async function readPaxSparseMap(
  records: readonly PaxRecord[],
  source: SparseSource,
): Promise<SparseMap | undefined> {
  const value = (key: string) => textOf(records.findLast((record) => record.key === `GNU.sparse.${key}`))
  const [major, minor] = [value('major'), value('minor')]
  if (major !== undefined || minor !== undefined) {
    if (major !== '1' || minor !== '0') throw unsupported(source, `${major}.${minor}`)
    const { numbers, stored } = await readEmbeddedMap(source)
    return checkedMap(numbers, decimal(value('realsize')), stored, source)
  }
  if (value('size') === undefined) return undefined
  const map = value('map')
  return checkedMap(
    map === undefined ? repeatedNumbers(records) : listed(map),
    decimal(value('size')),
    0,
    source,
  )
}

/** Version 0.0 repeats the keys `offset` and `numbytes`. */
function repeatedNumbers(records: readonly PaxRecord[]): (number | undefined)[] {
  return records
    .filter(({ key }) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes')
    .map((record) => decimal(textOf(record)))
}

/** Version 0.1 lists both in one value. */
function listed(map: string): (number | undefined)[] {
  return map === '' ? [] : map.split(',').map(decimal)
}

/** Version 1.0 puts the map before the data: decimal lines, the number of regions first, padded to whole blocks. */
async function readEmbeddedMap(
  source: SparseSource,
): Promise<{ numbers: (number | undefined)[]; stored: number }> {
  let text = ''
  let stored = 0
  let counted = false
  for (let missing = 1; missing > 0; ) {
    if (stored + blockSize > source.maxMapBytes) throw tooLarge(source)
    if (stored + blockSize > source.storedSize) throw malformed(source)
    const block = Buffer.from(await source.queue.require(blockSize, 'a sparse file map')).toString('latin1')
    stored += blockSize
    text += block
    missing -= block.split('\n').length - 1
    if (counted || missing > 0) continue
    const regions = decimal(text.slice(0, text.indexOf('\n')))
    if (regions === undefined) throw malformed(source)
    missing += 2 * regions
    counted = true
  }
  const [regions, ...numbers] = text.split('\n')
  return { numbers: numbers.slice(0, 2 * Number(regions)).map(decimal), stored }
}

/** Pairs the numbers up and holds them against each other, the file's size and the stored size. */
function checkedMap(
  numbers: readonly (number | undefined)[],
  size: number | undefined,
  stored: number,
  source: SparseSource,
): SparseMap {
  if (size === undefined || size < 0 || numbers.length % 2 !== 0) throw malformed(source)
  const regions: Region[] = []
  let end = 0
  let data = 0
  for (let i = 0; i < numbers.length; i += 2) {
    const [offset, length] = [numbers[i], numbers[i + 1]]
    if (offset === undefined || length === undefined || offset < end || length < 0) throw malformed(source)
    end = offset + length
    data += length
    if (end > size) throw malformed(source)
    if (length > 0) regions.push({ offset, length })
  }
  if (data + stored !== source.storedSize) throw malformed(source)
  return { size, regions, stored }
}

function decimal(text: string | undefined): number | undefined {
  const value = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined
  return Number.isSafeInteger(value) ? value : undefined
}

function textOf(record: PaxRecord | undefined): string | undefined {
  return record && Buffer.from(record.value).toString('latin1')
}

function malformed({ queue }: SparseSource): TarError {
  return new TarError(
    'TAR_MALFORMED',
    `${queue.name}: a sparse file's map, before byte ${queue.position}, contradicts itself or its size`,
    { kind: 'environment' },
  )
}

function unsupported({ queue }: SparseSource, version: string): TarError {
  return new TarError('TAR_UNSUPPORTED', `${queue.name}: a sparse file of unknown version ${version}`, {
    kind: 'environment',
  })
}

function tooLarge({ queue, maxMapBytes }: SparseSource): TarError {
  return new TarError('TAR_LIMIT', `${queue.name}: a sparse file's map is larger than ${maxMapBytes} bytes`, {
    kind: 'environment',
    details: { limit: maxMapBytes },
  })
}
