/** PAX extended header records, `LENGTH KEY=VALUE\n`, where the length counts itself (POSIX.1-2001, pax, "Extended Header"). */
import { TarError } from '../tar-error.ts'
import { decodeName, encodeName } from './name-encoding.ts'

export interface PaxRecord {
  key: string
  value: Uint8Array
}

const space = 0x20
const equals = 0x3d
const newline = 0x0a

/** Parses a header's records, in order, repeated keys included. Throws `TarError` `TAR_MALFORMED`. */
export function parsePaxRecords(bytes: Uint8Array, where: string): PaxRecord[] {
  const records: PaxRecord[] = []
  let start = 0
  while (start < bytes.length) {
    const end = start + lengthAt(bytes, start)
    const key = bytes.indexOf(space, start) + 1
    const value = bytes.indexOf(equals, key) + 1
    const sound = end <= bytes.length && value > key + 1 && value < end && bytes[end - 1] === newline
    if (!sound) {
      throw new TarError('TAR_MALFORMED', `${where}: a PAX header has a broken record at byte ${start}`, {
        kind: 'environment',
      })
    }
    records.push({
      key: decodeName(bytes.subarray(key, value - 1)),
      value: bytes.subarray(value, end - 1),
    })
    start = end
  }
  return records
}

/** The record length that stands at `start`; Infinity when none does, which no record can have. */
function lengthAt(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(space, start)
  const digits = Buffer.from(bytes.subarray(start, Math.min(end, start + 9))).toString('latin1')
  return end > start && /^[1-9][0-9]*$/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY
}

/** Encodes records in the order given. A key must not contain '='. */
export function formatPaxRecords(records: readonly PaxRecord[]): Uint8Array {
  return Buffer.concat(records.map(formatPaxRecord))
}

function formatPaxRecord({ key, value }: PaxRecord): Uint8Array {
  const name = encodeName(key)
  const rest = name.length + value.length + 3 // the space, the '=' and the newline
  let length = rest + String(rest).length
  // The length's own digits may have made it one digit longer.
  if (rest + String(length).length > length) length++
  return Buffer.concat([Buffer.from(`${length} `), name, Buffer.of(equals), value, Buffer.of(newline)])
}
