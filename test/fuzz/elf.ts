/** Mutates ELF files and reads them: whole, and through the window over a stream. Nothing may throw, hang or disagree. */
import { readFileSync } from 'node:fs'
import { ElfWindow, parseElf, readElf } from '../../src/elf/index.ts'
import { buildElf } from '../../src/elf/testdata/elf-builder.ts'
import { generator, type Random } from './random.ts'

export interface FuzzFailure {
  iteration: number
  what: string
  /** the input, in base64 */
  input: string
}

const hangMilliseconds = 5000
const interesting = [0, 1, 2, 7, 0x7f, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff]

export function fuzzElf(seed: number, iterations: number): FuzzFailure[] {
  const random = generator(seed)
  const corpus = sampleFiles()
  const failures: FuzzFailure[] = []
  for (let iteration = 0; iteration < iterations; iteration++) {
    const input = mutate(Buffer.from(random.pick(corpus)), random)
    const what = tryToRead(input)
    if (what !== undefined) failures.push({ iteration, what, input: input.toString('base64') })
  }
  return failures
}

function tryToRead(input: Buffer): string | undefined {
  const start = performance.now()
  try {
    const whole = parseElf(input)
    const window = new ElfWindow(input.length)
    for (let at = 0; at < input.length; at += 1000) window.add(input.subarray(at, at + 1000))
    const streamed = readElf(window)
    if (JSON.stringify(streamed?.elf) !== JSON.stringify(whole))
      return 'the stream and the whole file are read differently'
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  return performance.now() - start > hangMilliseconds ? 'took too long' : undefined
}

function mutate(bytes: Buffer, random: Random): Buffer {
  for (let count = 1 + random.below(6); count > 0; count--) {
    // Most structures that steer the parser stand in the first kilobyte and in the tables at the end.
    const range = random.below(2) === 0 ? Math.min(1024, bytes.length) : bytes.length
    const at = random.below(Math.max(1, range))
    const kind = random.below(4)
    if (kind === 0) bytes[at] = random.below(256)
    else if (kind === 1 && at + 4 <= bytes.length) bytes.writeUInt32LE(random.pick(interesting) >>> 0, at)
    else if (kind === 2 && at + 8 <= bytes.length)
      bytes.writeBigUInt64LE(BigInt(random.pick(interesting)) << 8n, at)
    else bytes.copy(bytes, at, random.below(bytes.length), random.below(bytes.length))
  }
  return random.below(3) === 0 ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes
}

function sampleFiles(): Buffer[] {
  const symbols = [
    { name: 'napi_register_module_v1', defined: true },
    { name: 'node_register_module_v115', defined: true },
    { name: 'node_module_register', defined: false },
    { name: 'node_api_module_get_api_version_v1', defined: true, code: Uint8Array.from([0xb8, 9, 0, 0, 0]) },
    { name: 'napi_create_object', defined: false },
  ]
  const versionNeeds = [{ library: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.2.5'] }]
  const shared = {
    needed: ['libc.so.6', 'libm.so.6'],
    soname: 'x.so',
    runpath: '$ORIGIN',
    versionNeeds,
    symbols,
  }
  const built = [
    buildElf({ ...shared, versionDefinitions: ['A', 'B'], buildId: 'abcd', x86Isa: 3 }),
    buildElf({ ...shared, wide: false, machine: 40, interpreter: '/lib/ld-linux-armhf.so.3' }),
    buildElf({ ...shared, little: false, machine: 22 }),
    buildElf({ type: 2 }),
  ]
  const real = [
    '/bin/true',
    '/usr/lib/x86_64-linux-gnu/libdl.so.2',
    '/usr/arm-linux-gnueabihf/lib/libdl.so.2',
  ]
  return [...built, ...real.flatMap(readIfThere)]
}

function readIfThere(path: string): Buffer[] {
  try {
    return [readFileSync(path)]
  } catch {
    return []
  }
}
