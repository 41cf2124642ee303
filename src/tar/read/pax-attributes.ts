/** What PAX records say about a member (POSIX.1-2001, pax, "Extended Header Keywords"). Unknown keywords are ignored. */
import { decodeName } from '../format/name-encoding.ts'
import type { PaxRecord } from '../format/pax-records.ts'
import { TarError } from '../tar-error.ts'
import type { Member } from './member.ts'

const xattrPrefix = 'SCHILY.xattr.'

/** Applies records in order, so that later ones win. An empty value leaves what the header block says. */
export function applyPaxRecords(member: Member, records: readonly PaxRecord[], where: string): void {
  for (const record of records) {
    if (record.key.startsWith(xattrPrefix))
      member.xattrs.set(record.key.slice(xattrPrefix.length), Uint8Array.from(record.value))
    else if (record.value.length > 0) applyRecord(member, record, where)
  }
}

function applyRecord(member: Member, record: PaxRecord, where: string): void {
  const { key, value } = record
  switch (key) {
    case 'path':
    case 'GNU.sparse.name': // the path that a sparse member has once it is extracted
      member.rawPath = decodeName(value)
      break
    case 'linkpath':
      member.rawLinkPath = decodeName(value)
      break
    case 'size':
      member.storedSize = countOf(record, where)
      break
    case 'uid':
    case 'gid':
      member[key] = countOf(record, where)
      break
    case 'SCHILY.devmajor':
      member.devmajor = countOf(record, where)
      break
    case 'SCHILY.devminor':
      member.devminor = countOf(record, where)
      break
    case 'uname':
    case 'gname':
      member[key] = decodeName(value)
      break
    case 'mtime':
      member.mtime = timeOf(record, where)
  }
}

function countOf(record: PaxRecord, where: string): number {
  const text = textOf(record)
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw malformed(record, where)
  return value
}

function timeOf(record: PaxRecord, where: string): number {
  const text = textOf(record)
  if (!/^-?\d{1,15}(\.\d*)?$/.test(text)) throw malformed(record, where)
  return Number(text)
}

function textOf({ value }: PaxRecord): string {
  return Buffer.from(value.subarray(0, 64)).toString('latin1')
}

function malformed(record: PaxRecord, where: string): TarError {
  const value = JSON.stringify(textOf(record))
  return new TarError('TAR_MALFORMED', `${where}: the PAX record ${record.key} is ${value}`, {
    kind: 'environment',
  })
}
