/** Formats of compiled code, told by their first bytes: what sits in an image although only ELF can run there. */
import { isElf } from './header.ts'

export interface ObjectFormat {
  format: 'elf' | 'mach-o' | 'pe' | 'wasm'
  /** architectures as Node names them (`x64`, `arm64`); empty when the bytes do not tell */
  architectures: string[]
}

const machO: Record<number, boolean> = {
  0xfeedface: false,
  0xfeedfacf: false,
  0xcefaedfe: true,
  0xcffaedfe: true,
}
const machOUniversal = 0xcafebabe
const machOCpus: Record<number, string> = { 0x7: 'ia32', 0x1000007: 'x64', 0xc: 'arm', 0x100000c: 'arm64' }
const peMachines: Record<number, string> = { 0x14c: 'ia32', 0x8664: 'x64', 0xaa64: 'arm64', 0x1c4: 'arm' }

/** Bytes that `objectFormat` wants at most; fewer give a less exact answer. */
export const objectFormatBytes = 1024

/** The format of code that begins with these bytes; undefined for everything else. */
export function objectFormat(head: Uint8Array): ObjectFormat | undefined {
  if (head.byteLength < 4) return undefined
  if (isElf(head)) return { format: 'elf', architectures: [] }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const magic = view.getUint32(0)
  if (magic in machO) {
    const cpu = head.byteLength >= 8 ? view.getUint32(4, machO[magic]) : 0
    return { format: 'mach-o', architectures: known([machOCpus[cpu]]) }
  }
  if (magic === machOUniversal) return universal(view)
  if (magic === 0x0061736d) return { format: 'wasm', architectures: [] }
  return view.getUint16(0) === 0x4d5a ? portableExecutable(view) : undefined
}

/** Java classes share this magic; where these hold a version (45 and up), universal files count a handful of parts. */
function universal(view: DataView): ObjectFormat | undefined {
  const count = view.byteLength >= 8 ? view.getUint32(4) : 0
  if (count === 0 || count > 20) return undefined
  const offsets = Array.from({ length: count }, (_, index) => 8 + index * 20).filter(
    (at) => at + 4 <= view.byteLength,
  )
  return { format: 'mach-o', architectures: known(offsets.map((at) => machOCpus[view.getUint32(at)])) }
}

function portableExecutable(view: DataView): ObjectFormat | undefined {
  if (view.byteLength < 0x40) return undefined
  const at = view.getUint32(0x3c, true)
  if (at + 6 > view.byteLength) return { format: 'pe', architectures: [] }
  if (view.getUint32(at) !== 0x50450000) return undefined // a DOS program, or text that begins with MZ
  return { format: 'pe', architectures: known([peMachines[view.getUint16(at + 4, true)]]) }
}

function known(names: readonly (string | undefined)[]): string[] {
  return names.filter((name) => name !== undefined)
}
