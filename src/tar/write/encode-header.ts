/**
 * One entry's header blocks: a ustar block, preceded by a PAX extended header for the values that ustar cannot hold (names
 * that are long or not ASCII, numbers beyond their octal fields, extended attributes). The bytes depend on the entry alone.
 */
import { compareText } from '../../base/index.ts'
import type { EntryHeader, EntryType } from '../entry.ts'
import { blockSize, checksumOf, type Field, fields, paddingOf } from '../format/header-block.ts'
import { encodeName, hasLoneSurrogate } from '../format/name-encoding.ts'
import { fitsOctal, formatOctal } from '../format/number-field.ts'
import { formatPaxRecords, type PaxRecord } from '../format/pax-records.ts'

const typeflags: Record<EntryType, string> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
}

/** The header blocks of a valid entry (`validate-entry.ts`), a multiple of 512 bytes. */
export function encodeHeader(entry: EntryHeader): Uint8Array {
  const pax: PaxRecord[] = []
  const block = Buffer.alloc(blockSize)
  writePath(block, entry, pax)
  writeLinkPath(block, entry.linkPath ?? '', pax)
  write(block, 'mode', formatOctal(entry.mode, 8))
  writeNumber(block, 'uid', entry.uid, pax)
  writeNumber(block, 'gid', entry.gid, pax)
  writeNumber(block, 'size', entry.size, pax)
  writeNumber(block, 'mtime', entry.mtime, pax)
  writeOwnerName(block, 'uname', entry.uname ?? '', pax)
  writeOwnerName(block, 'gname', entry.gname ?? '', pax)
  write(block, 'devmajor', formatOctal(entry.devmajor ?? 0, 8))
  write(block, 'devminor', formatOctal(entry.devminor ?? 0, 8))
  for (const [name, value] of [...(entry.xattrs ?? [])].sort(([a], [b]) => compareText(a, b))) {
    pax.push({ key: `SCHILY.xattr.${name}`, value })
  }
  seal(block, typeflags[entry.type])
  return pax.length === 0 ? block : Buffer.concat([encodePaxHeader(entry, pax), block])
}

function writePath(block: Buffer, entry: EntryHeader, pax: PaxRecord[]): void {
  const path = entry.type === 'directory' ? `${entry.path || '.'}/` : entry.path
  const split = isAscii(path) ? splitPath(path) : undefined
  if (split === undefined) pax.push(nameRecord('path', path))
  write(block, 'prefix', split?.prefix ?? '')
  write(block, 'name', split?.name ?? shortened(path))
}

/** Divides a path between the name and the prefix field; undefined when there is no slash in the right place. */
function splitPath(path: string): { prefix: string; name: string } | undefined {
  const [nameLength, prefixLength] = [fields.name[1], fields.prefix[1]]
  if (path.length <= nameLength) return { prefix: '', name: path }
  const slash = path.indexOf('/', path.length - nameLength - 1)
  if (slash <= 0 || slash > prefixLength || slash === path.length - 1) return undefined
  return { prefix: path.slice(0, slash), name: path.slice(slash + 1) }
}

function writeLinkPath(block: Buffer, target: string, pax: PaxRecord[]): void {
  const fits = target.length <= fields.linkName[1] && isAscii(target)
  if (!fits) pax.push(nameRecord('linkpath', target))
  write(block, 'linkName', fits ? target : shortened(target))
}

function writeOwnerName(block: Buffer, field: 'uname' | 'gname', name: string, pax: PaxRecord[]): void {
  const fits = name.length < fields[field][1] && isAscii(name)
  if (!fits) pax.push(nameRecord(field, name))
  write(block, field, fits ? name : '')
}

function writeNumber(
  block: Buffer,
  field: 'uid' | 'gid' | 'size' | 'mtime',
  value: number,
  pax: PaxRecord[],
): void {
  const width = fields[field][1]
  const fits = fitsOctal(value, width)
  if (!fits) pax.push({ key: field, value: Buffer.from(String(value)) })
  write(block, field, formatOctal(fits ? value : 0, width))
}

function nameRecord(key: string, name: string): PaxRecord {
  return { key, value: encodeName(name) }
}

/** The extended header is a member of its own: readers that do not know it see a small file of this name. */
function encodePaxHeader(entry: EntryHeader, records: PaxRecord[]): Uint8Array {
  const binary = [entry.path, entry.linkPath, entry.uname, entry.gname].some((name) =>
    hasLoneSurrogate(name ?? ''),
  )
  // POSIX wants values in UTF-8 unless the header says that they are bytes of no known character set.
  const charset = binary ? [{ key: 'hdrcharset', value: Buffer.from('BINARY') }] : []
  const body = formatPaxRecords([...charset, ...records])
  const block = Buffer.alloc(blockSize)
  write(block, 'name', shortened(`PaxHeaders/${entry.path.slice(entry.path.lastIndexOf('/') + 1)}`))
  write(block, 'mode', formatOctal(0o644, 8))
  for (const field of ['uid', 'gid', 'devmajor', 'devminor'] as const) write(block, field, formatOctal(0, 8))
  write(block, 'size', formatOctal(body.length, 12))
  write(block, 'mtime', formatOctal(0, 12))
  seal(block, 'x')
  return Buffer.concat([block, body, Buffer.alloc(paddingOf(body.length))])
}

function seal(block: Buffer, typeflag: string): void {
  write(block, 'typeflag', typeflag)
  write(block, 'magic', 'ustar\x0000')
  write(block, 'checksum', `${checksumOf(block).toString(8).padStart(6, '0')}\0 `)
}

function write(block: Buffer, field: Field, text: string): void {
  block.write(text, fields[field][0], fields[field][1], 'latin1')
}

/** What a name field shows to readers that do not know PAX. */
function shortened(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '_').slice(0, fields.name[1])
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}
