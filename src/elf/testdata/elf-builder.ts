/** Makes small ELF files for tests: one loaded segment, addresses equal to offsets, the tables that a loader reads. */

export interface ElfDesign {
  wide?: boolean
  little?: boolean
  /** `e_machine`; default x86-64 */
  machine?: number
  osAbi?: number
  /** `e_type`; default 3 (shared) */
  type?: number
  flags?: number
  interpreter?: string
  needed?: readonly string[]
  soname?: string
  rpath?: string
  runpath?: string
  versionNeeds?: readonly { library: string; versions: readonly string[] }[]
  versionDefinitions?: readonly string[]
  symbols?: readonly { name: string; defined: boolean; code?: Uint8Array }[]
  buildId?: string
  /** bits of GNU_PROPERTY_X86_ISA_1_NEEDED */
  x86Isa?: number
  /** bytes put between the header and everything else, to move the tables away from the head */
  padding?: number
}

class Writer {
  readonly #wide: boolean
  readonly #little: boolean
  #bytes = Buffer.alloc(0)

  constructor(design: ElfDesign) {
    this.#wide = design.wide ?? true
    this.#little = design.little ?? true
  }

  get at(): number {
    return this.#bytes.length
  }

  put(bytes: Uint8Array): this {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    return this
  }

  u8(...values: number[]): this {
    return this.put(Uint8Array.from(values))
  }

  u16(value: number): this {
    const bytes = Buffer.alloc(2)
    if (this.#little) bytes.writeUInt16LE(value)
    else bytes.writeUInt16BE(value)
    return this.put(bytes)
  }

  u32(value: number): this {
    const bytes = Buffer.alloc(4)
    if (this.#little) bytes.writeUInt32LE(value)
    else bytes.writeUInt32BE(value)
    return this.put(bytes)
  }

  u64(value: number): this {
    const bytes = Buffer.alloc(8)
    if (this.#little) bytes.writeBigUInt64LE(BigInt(value))
    else bytes.writeBigUInt64BE(BigInt(value))
    return this.put(bytes)
  }

  word(value: number): this {
    return this.#wide ? this.u64(value) : this.u32(value)
  }

  align(to = 8): this {
    return this.put(Buffer.alloc((to - (this.at % to)) % to))
  }

  bytes(): Buffer {
    return this.#bytes
  }
}

class Strings {
  #text = '\0'

  at(text: string): number {
    const found = this.#text.indexOf(`\0${text}\0`)
    if (found >= 0) return found + 1
    const at = Buffer.byteLength(this.#text)
    this.#text += `${text}\0`
    return at
  }

  bytes(): Buffer {
    return Buffer.from(this.#text)
  }
}

export function buildElf(design: ElfDesign): Buffer {
  const wide = design.wide ?? true
  const strings = new Strings()
  const body = new Writer(design)
  const headerSize = wide ? 64 : 52
  const segmentSize = wide ? 56 : 32
  const isDynamic = [design.needed, design.soname, design.symbols, design.runpath, design.rpath, design.versionNeeds].some(
    (value) => value !== undefined,
  )
  const notes = noteBytes(design)
  const segmentCount = 1 + Number(isDynamic) + Number(design.interpreter !== undefined) + Number(notes.length > 0)
  const base = headerSize + segmentSize * segmentCount
  const place = (write: (body: Writer) => void): [offset: number, length: number] => {
    body.align()
    const start = body.at
    write(body)
    return [base + start, body.at - start]
  }
  body.put(Buffer.alloc((8 - (base % 8)) % 8)).put(Buffer.alloc(design.padding ?? 0))
  const segments: [type: number, offset: number, length: number][] = []
  if (design.interpreter !== undefined) {
    segments.push([3, ...place((to) => to.put(Buffer.from(`${design.interpreter}\0`)))])
  }
  if (notes.length > 0) segments.push([4, ...place((to) => to.put(notes))])
  if (isDynamic) segments.push([2, ...placeDynamic(design, strings, place)])
  const size = base + body.at
  const head = writeHeader(design, segmentCount)
  writeSegment(head, wide, [1, 0, size], size)
  for (const segment of segments) writeSegment(head, wide, segment, segment[2])
  return Buffer.concat([head.bytes(), body.bytes()])
}

type Place = (write: (body: Writer) => void) => [offset: number, length: number]

function placeDynamic(design: ElfDesign, strings: Strings, place: Place): [number, number] {
  const wide = design.wide ?? true
  const entries: [tag: number, value: number][] = []
  for (const name of design.needed ?? []) entries.push([1, strings.at(name)])
  if (design.soname !== undefined) entries.push([14, strings.at(design.soname)])
  if (design.rpath !== undefined) entries.push([15, strings.at(design.rpath)])
  if (design.runpath !== undefined) entries.push([29, strings.at(design.runpath)])
  const symbols = design.symbols ?? []
  const code = symbols.map((symbol) => (symbol.code ? place((to) => to.put(symbol.code as Uint8Array))[0] : 0x10))
  const [symtab] = place((to) => {
    to.put(Buffer.alloc(wide ? 24 : 16))
    symbols.forEach((symbol, index) => {
      const [name, section, value] = [strings.at(symbol.name), symbol.defined ? 1 : 0, symbol.defined ? code[index] ?? 0 : 0]
      if (wide) to.u32(name).u8(0x12, 0).u16(section).u64(value).u64(0)
      else to.u32(name).u32(value).u32(0).u8(0x12, 0).u16(section)
    })
  })
  const [hash] = place((to) => {
    to.u32(1).u32(symbols.length + 1).u32(0)
    for (let index = 0; index <= symbols.length; index++) to.u32(0)
  })
  entries.push([6, symtab], [4, hash], [11, wide ? 24 : 16])
  if (design.versionNeeds) {
    entries.push([0x6ffffffe, placeVersionNeeds(design.versionNeeds, strings, place)], [0x6fffffff, design.versionNeeds.length])
  }
  if (design.versionDefinitions) {
    const count = design.versionDefinitions.length
    entries.push([0x6ffffffc, placeDefinitions(design.versionDefinitions, strings, place)], [0x6ffffffd, count])
  }
  const [strtab, strsz] = place((to) => to.put(strings.bytes()))
  entries.push([5, strtab], [10, strsz], [0, 0])
  return place((to) => {
    for (const [tag, value] of entries) to.word(tag).word(value)
  })
}

function placeVersionNeeds(needs: NonNullable<ElfDesign['versionNeeds']>, strings: Strings, place: Place): number {
  const [offset] = place((to) => {
    needs.forEach(({ library, versions }, index) => {
      const next = index + 1 < needs.length ? 16 + 16 * versions.length : 0
      to.u16(1).u16(versions.length).u32(strings.at(library)).u32(16).u32(next)
      versions.forEach((version, at) => {
        to.u32(0).u16(0).u16(2).u32(strings.at(version)).u32(at + 1 < versions.length ? 16 : 0)
      })
    })
  })
  return offset
}

function placeDefinitions(definitions: readonly string[], strings: Strings, place: Place): number {
  const [offset] = place((to) => {
    definitions.forEach((name, index) => {
      to.u16(1).u16(0).u16(index + 2).u16(1).u32(0).u32(20).u32(index + 1 < definitions.length ? 28 : 0)
      to.u32(strings.at(name)).u32(0)
    })
  })
  return offset
}

function noteBytes(design: ElfDesign): Buffer {
  const to = new Writer(design)
  if (design.x86Isa !== undefined) {
    const wide = design.wide ?? true
    to.u32(4).u32(wide ? 16 : 12).u32(5).put(Buffer.from('GNU\0')).u32(0xc0008002).u32(4).u32(design.x86Isa)
    if (wide) to.u32(0)
  }
  if (design.buildId !== undefined) {
    const id = Buffer.from(design.buildId, 'hex')
    to.u32(4).u32(id.length).u32(3).put(Buffer.from('GNU\0')).put(id).align(4)
  }
  return to.bytes()
}

function writeHeader(design: ElfDesign, segmentCount: number): Writer {
  const wide = design.wide ?? true
  const head = new Writer(design)
  head.u8(0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, (design.little ?? true) ? 1 : 2, 1, design.osAbi ?? 0, 0, 0, 0, 0, 0, 0, 0, 0)
  head.u16(design.type ?? 3).u16(design.machine ?? 62).u32(1).word(0).word(wide ? 64 : 52).word(0).u32(design.flags ?? 0)
  return head.u16(wide ? 64 : 52).u16(wide ? 56 : 32).u16(segmentCount).u16(0).u16(0).u16(0)
}

function writeSegment(head: Writer, wide: boolean, [type, offset]: [number, number, number], length: number): void {
  if (wide) head.u32(type).u32(5).u64(offset).u64(offset).u64(offset).u64(length).u64(length).u64(8)
  else head.u32(type).u32(offset).u32(offset).u32(offset).u32(length).u32(length).u32(5).u32(8)
}
