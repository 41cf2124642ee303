/**
 * A `Packages` index as bytes with two tables: where the stanzas of a name begin, and who provides a name. Building it reads
 * two fields of each stanza; the rest is decoded when asked for.
 */

export interface StanzaTable {
  /** the stanzas of packages with this name */
  named(name: string): readonly string[]
  /** the stanzas of packages that provide this name */
  providing(name: string): readonly string[]
}

interface Range {
  start: number
  end: number
}

export function stanzaTable(index: Uint8Array): StanzaTable {
  const bytes = Buffer.from(index.buffer, index.byteOffset, index.byteLength)
  const names = new Map<string, Range[]>()
  const providers = new Map<string, Range[]>()
  const packageFields = fieldCursor(bytes, 'Package: ')
  const providesFields = fieldCursor(bytes, 'Provides: ')
  for (const range of stanzaRanges(bytes)) {
    const name = packageFields(range)
    if (name !== undefined) append(names, name, range)
    for (const item of providesFields(range)?.split(',') ?? []) {
      append(providers, item.replace(/\(.*/, '').trim(), range)
    }
  }
  const texts = (ranges: readonly Range[] = []) =>
    ranges.map(({ start, end }) => bytes.toString('utf8', start, end))
  return {
    named: (name) => texts(names.get(name)),
    providing: (name) => texts(providers.get(name)),
  }
}

function append(table: Map<string, Range[]>, name: string, range: Range): void {
  const ranges = table.get(name)
  if (ranges) ranges.push(range)
  else table.set(name, [range])
}

function* stanzaRanges(bytes: Buffer): Generator<Range> {
  let start = 0
  while (start < bytes.length) {
    const gap = bytes.indexOf('\n\n', start)
    const end = gap < 0 ? bytes.length : gap + 1
    if (end > start + 1) yield { start, end }
    start = gap < 0 ? bytes.length : gap + 2
  }
}

/** Reads one field of stanza after stanza, in order. It searches each byte once, however rare the field. */
function fieldCursor(bytes: Buffer, field: string): (range: Range) => string | undefined {
  const seek = (from: number) => {
    const found = bytes.indexOf(`\n${field}`, from)
    return found < 0 ? Number.POSITIVE_INFINITY : found + 1
  }
  let at = bytes.toString('latin1', 0, field.length) === field ? 0 : seek(0)
  return ({ start, end }) => {
    while (at < start) at = seek(at)
    if (at >= end) return undefined
    const lineEnd = bytes.indexOf('\n', at)
    return bytes.toString('latin1', at + field.length, lineEnd < 0 ? end : lineEnd).trim()
  }
}
