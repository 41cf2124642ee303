/** Makes archives byte by byte for tests, sound or not: every field of a header block can be set to anything. */

export interface RawHeader {
  name?: string | Uint8Array
  mode?: string
  uid?: string | Uint8Array
  size?: string | Uint8Array
  mtime?: string | Uint8Array
  type?: string
  link?: string
  /** default ustar; GNU's is 'ustar  \0' */
  magic?: string
  prefix?: string
  devmajor?: string
  devminor?: string
  /** bytes put anywhere */
  patches?: readonly [number, Uint8Array | string][]
  /** added to the right checksum */
  checksumError?: number
  signedChecksum?: boolean
}

/** A header block. The size is that of the content in `member`. */
export function header(fields: RawHeader): Uint8Array {
  const block = Buffer.alloc(512)
  const put = (offset: number, value: string | Uint8Array) => block.set(bytesOf(value), offset)
  put(0, fields.name ?? 'file')
  put(100, fields.mode ?? '0000644\0')
  put(108, fields.uid ?? '0000000\0')
  put(116, '0000000\0')
  put(124, fields.size ?? '00000000000\0')
  put(136, fields.mtime ?? '00000000000\0')
  put(156, fields.type ?? '0')
  put(157, fields.link ?? '')
  put(257, fields.magic ?? 'ustar\x0000')
  put(329, fields.devmajor ?? '')
  put(337, fields.devminor ?? '')
  put(345, fields.prefix ?? '')
  for (const [offset, value] of fields.patches ?? []) put(offset, value)
  block.fill(' ', 148, 156)
  const signed = (byte: number) => (fields.signedChecksum && byte >= 128 ? byte - 256 : byte)
  const sum = block.reduce((total, byte) => total + signed(byte), 0) + (fields.checksumError ?? 0)
  put(148, `${octal(sum, 6)}\0 `)
  return block
}

/** A header and its content, padded to whole blocks. */
export function member(fields: RawHeader, content: string | Uint8Array = ''): Uint8Array {
  const bytes = bytesOf(content)
  const head = header({ size: `${octal(bytes.length, 11)}\0`, ...fields })
  return Buffer.concat([head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}

/** A PAX header; records are `key=value`. */
export function pax(records: readonly (string | Uint8Array)[], type = 'x'): Uint8Array {
  return member({ name: 'PaxHeaders/x', type }, Buffer.concat(records.map((record) => paxRecord(bytesOf(record)))))
}

/** Members and the two zero blocks behind them. */
export function archive(...members: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([...members, Buffer.alloc(1024)])
}

export function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

/** A stream of the bytes in chunks of a size. */
export async function* inChunks(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

function paxRecord(record: Uint8Array): Uint8Array {
  let length = record.length + 3
  while (`${length} `.length + record.length + 1 !== length) length++
  return Buffer.concat([Buffer.from(`${length} `), record, Buffer.from('\n')])
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'latin1') : value
}

/** Gives every block that was a header, or looks like one, the checksum that it should have. In place. */
export function resealed(bytes: Buffer): Buffer {
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    const block = bytes.subarray(at, at + 512)
    if (block.toString('latin1', 257, 262) === 'ustar') block.set(header({ patches: [[0, block]] }))
  }
  return bytes
}
