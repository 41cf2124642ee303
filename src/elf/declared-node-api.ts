/**
 * The Node-API version that an addon declares. `node_api_module_get_api_version_v1` returns a constant; compilers write that
 * as one move of an immediate into the result register, which is read here for the architectures that Node addons are made for.
 */
import type { ElfReader, Fields } from './elf-bytes.ts'
import { type ElfHeader, offsetOf, type Segment } from './header.ts'
import { machineNumbers } from './machine.ts'

/** `NAPI_VERSION_EXPERIMENTAL`: every version will do. */
const experimental = 0x7fffffff
const maxVersion = 200

/** Undefined when the code is of another form, or the addon asks for experimental features. */
export function readDeclaredNodeApiVersion(
  header: ElfHeader,
  segments: readonly Segment[],
  reader: ElfReader,
  address: number,
): number | undefined {
  // Bit 0 of an Arm function's address says that it is Thumb code.
  const isThumb = header.machine === machineNumbers.arm && address % 2 === 1
  const offset = offsetOf(segments, address - (isThumb ? 1 : 0))
  if (offset === undefined || offset >= reader.size) return undefined
  const code = reader.range(offset, Math.min(48, reader.size - offset), 'a function')
  const value = code && (isThumb ? thumb(code) : decoders[header.machine]?.(code))
  return value === undefined || value === experimental || value < 1 || value > maxVersion ? undefined : value
}

const decoders: Record<number, (code: Fields) => number | undefined> = {
  [machineNumbers.x86_64]: x86,
  [machineNumbers.i386]: x86,
  [machineNumbers.aarch64]: aarch64,
  [machineNumbers.arm]: arm,
}

/** `mov $n, %eax`, after what may stand before it: endbr, a frame, a coverage-free prologue. */
function x86(code: Fields): number | undefined {
  const skipped = [
    [0xf3, 0x0f, 0x1e, 0xfa],
    [0xf3, 0x0f, 0x1e, 0xfb],
    [0x55],
    [0x48, 0x89, 0xe5],
    [0x89, 0xe5],
  ]
  let at = 0
  for (let match: number[] | undefined = []; match; at += match?.length ?? 0) {
    match = skipped.find((bytes) => bytes.every((byte, index) => code.u8(at + index) === byte))
  }
  return code.u8(at) === 0xb8 ? code.u32(at + 1) : undefined
}

/** `mov w0, #n` among the first instructions (`bti c` and a frame may come first). */
function aarch64(code: Fields): number | undefined {
  for (let at = 0; at < 16; at += 4) {
    const word = code.u32(at)
    if ((word & 0xffe0001f) >>> 0 === 0x52800000) return (word >>> 5) & 0xffff
  }
  return undefined
}

function arm(code: Fields): number | undefined {
  for (let at = 0; at < 16; at += 4) {
    const word = code.u32(at)
    if ((word & 0xfffff000) >>> 0 === 0xe3a00000) return word & 0xff
  }
  return undefined
}

function thumb(code: Fields): number | undefined {
  for (let at = 0; at < 12; at += 2) {
    const half = code.u16(at)
    if ((half & 0xff00) === 0x2000) return half & 0xff
  }
  return undefined
}
