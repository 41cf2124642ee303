import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseElf, readElf } from './elf.ts'
import { ElfWindow, wholeFileBytes } from './elf-window.ts'
import { buildElf, type ElfDesign } from './testdata/elf-builder.ts'

const name = fc.stringMatching(/^[A-Za-z0-9._+-]{1,24}$/)
const names = fc.uniqueArray(name, { maxLength: 5 })
const design: fc.Arbitrary<ElfDesign> = fc.record(
  {
    wide: fc.boolean(),
    little: fc.boolean(),
    machine: fc.constantFrom(3, 8, 21, 22, 40, 62, 183, 243),
    osAbi: fc.constantFrom(0, 3, 9),
    type: fc.constantFrom(2, 3),
    flags: fc.nat(0xffff),
    interpreter: fc.constantFrom('/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-aarch64.so.1'),
    needed: names,
    soname: name,
    rpath: fc.constant('$ORIGIN/../lib:/opt/lib'),
    runpath: fc.constant('/a:/b'),
    versionNeeds: fc.array(
      fc.record({ library: name, versions: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }) }),
      { minLength: 1, maxLength: 3 },
    ),
    versionDefinitions: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
    symbols: fc.uniqueArray(fc.record({ name: name.map((text) => `napi_${text}`), defined: fc.boolean() }), {
      maxLength: 5,
      selector: (symbol) => symbol.name,
    }),
    buildId: fc.constant('00ff12ab'),
  },
  { requiredKeys: ['needed'] },
)

describe('parseElf', () => {
  it('reads back every file that is built', () => {
    fc.assert(
      fc.property(design, (wanted) => {
        const elf = parseElf(buildElf(wanted))
        expect(elf).toMatchObject({
          class: (wanted.wide ?? true) ? 64 : 32,
          endianness: (wanted.little ?? true) ? 'little' : 'big',
          machine: wanted.machine ?? 62,
          osAbi: wanted.osAbi ?? 0,
          type: wanted.type === 2 ? 'executable' : 'shared',
          flags: wanted.flags ?? 0,
          needed: wanted.needed,
          versionNeeds: wanted.versionNeeds ?? [],
          versionDefinitions: wanted.versionDefinitions ?? [],
          damage: [],
        })
        expect(elf?.interpreter).toBe(wanted.interpreter)
        expect(elf?.soname).toBe(wanted.soname)
        expect(elf?.buildId).toBe(wanted.buildId)
        expect(elf?.rpath).toEqual(wanted.rpath?.split(':'))
        expect(elf?.runpath).toEqual(wanted.runpath?.split(':'))
        const symbols = (wanted.symbols ?? []).filter(
          (symbol) => !/^napi_(?:register_module_v\d+|module_register)$/.test(symbol.name),
        )
        const sorted = (defined: boolean) =>
          symbols
            .filter((symbol) => symbol.defined === defined)
            .map((symbol) => symbol.name)
            .sort()
        expect(elf?.nodeApiImports).toEqual(sorted(false))
        expect(elf?.nodeApiExports).toEqual(sorted(true))
      }),
    )
  })

  it('never throws, whatever is cut off or changed', () => {
    const mutation = fc.record({ at: fc.nat(), value: fc.nat(255) })
    fc.assert(
      fc.property(design, fc.array(mutation, { maxLength: 8 }), fc.nat(), (wanted, mutations, cut) => {
        const bytes = buildElf(wanted)
        for (const { at, value } of mutations) bytes[at % bytes.length] = value
        const elf = parseElf(bytes.subarray(0, cut % (bytes.length + 1)))
        expect(elf === undefined || Array.isArray(elf.damage)).toBe(true)
      }),
    )
  })

  it('says that a file was cut off', () => {
    const bytes = buildElf({ needed: ['libc.so.6'] })
    expect(parseElf(bytes)?.damage).toEqual([])
    expect(parseElf(bytes.subarray(0, -8))?.damage).toContain(
      'a loaded segment ends behind the file: it was cut off',
    )
    expect(parseElf(bytes.subarray(0, 40))?.damage).toContain('the header is cut off')
  })

  it('is undefined for everything that is not ELF', () => {
    expect(parseElf(Buffer.from('#!/bin/sh\n'))).toBeUndefined()
    expect(parseElf(Buffer.alloc(0))).toBeUndefined()
    expect(parseElf(Buffer.from('\x7fELF'))).toBeUndefined()
    expect(parseElf(Buffer.from('\x7fELF\x07\x01\x01\0\0\0\0\0\0\0\0\0'))).toBeUndefined()
  })

  it('tells the C library', () => {
    const libc = (wanted: ElfDesign) => parseElf(buildElf(wanted))?.libc
    expect(libc({ needed: ['libstdc++.so.6', 'libc.so.6'] })).toBe('glibc')
    expect(libc({ needed: ['libc.musl-aarch64.so.1'] })).toBe('musl')
    expect(libc({ needed: ['libc.so'] })).toBe('musl')
    expect(libc({ needed: ['libc.so', 'liblog.so'] })).toBe('bionic')
    expect(libc({ needed: ['libc.so'], versionNeeds: [{ library: 'libc.so', versions: ['LIBC'] }] })).toBe(
      'bionic',
    )
    expect(
      libc({ needed: ['libm.so.6'], versionNeeds: [{ library: 'libm.so.6', versions: ['GLIBC_2.29'] }] }),
    ).toBe('glibc')
    const libgcc = [{ library: 'libgcc_s.so.1', versions: ['GCC_3.0', 'GLIBC_2.0'] }]
    expect(libc({ needed: ['libgcc_s.so.1', 'libc.so'], versionNeeds: libgcc })).toBe('musl')
    expect(libc({ type: 2 })).toBeUndefined()
  })

  it('tells static from dynamic', () => {
    expect(parseElf(buildElf({ type: 2 }))?.linking).toBe('static')
    expect(parseElf(buildElf({ needed: ['libc.so.6'] }))?.linking).toBe('dynamic')
  })

  it('reads the microarchitecture level', () => {
    expect(parseElf(buildElf({ x86Isa: 1 }))?.x86Level).toBe('v1')
    expect(parseElf(buildElf({ x86Isa: 7 }))?.x86Level).toBe('v3')
    expect(parseElf(buildElf({}))?.x86Level).toBeUndefined()
    expect(parseElf(buildElf({ x86Isa: 7, machine: 183 }))?.x86Level).toBeUndefined()
  })
})

describe('addons', () => {
  const addon = (symbols: ElfDesign['symbols'], machine = 62) =>
    parseElf(buildElf({ needed: ['libc.so.6'], machine, symbols: symbols ?? [] }))?.addon

  it('reads the Node ABI from the entry', () => {
    expect(addon([{ name: 'node_register_module_v115', defined: true }])).toEqual({
      api: 'node',
      abis: [115],
      nodeApiVersion: 0,
    })
  })

  it('reads the Node-API version from the functions that are called', () => {
    const symbols = [
      { name: 'napi_register_module_v1', defined: true },
      { name: 'napi_create_string_utf8', defined: false },
    ]
    expect(addon(symbols)).toEqual({ api: 'node-api', abis: [], nodeApiVersion: 1 })
    expect(addon([...symbols, { name: 'node_api_symbol_for', defined: false }])?.nodeApiVersion).toBe(9)
  })

  it.each([
    ['x86-64', 62, [0xb8, 9, 0, 0, 0, 0xc3]],
    ['x86-64 with endbr and a frame', 62, [0xf3, 0x0f, 0x1e, 0xfa, 0x55, 0x48, 0x89, 0xe5, 0xb8, 9, 0, 0, 0]],
    ['AArch64', 183, [0x20, 0x01, 0x80, 0x52, 0xc0, 0x03, 0x5f, 0xd6]],
    ['AArch64 with bti', 183, [0x5f, 0x24, 0x03, 0xd5, 0x20, 0x01, 0x80, 0x52]],
  ])('reads the declared Node-API version: %s', (_, machine, code) => {
    const symbols = [
      { name: 'napi_register_module_v1', defined: true },
      { name: 'node_api_module_get_api_version_v1', defined: true, code: Uint8Array.from(code) },
    ]
    expect(addon(symbols, machine)?.nodeApiVersion).toBe(9)
  })

  it('does not take node, or any other library, for an addon', () => {
    expect(addon([{ name: 'napi_module_register', defined: true }])).toBeUndefined()
    expect(addon([{ name: 'napi_create_string_utf8', defined: false }])).toBeUndefined()
    expect(addon([])).toBeUndefined()
  })
})

describe('ElfWindow', () => {
  const design: ElfDesign = {
    needed: ['libc.so.6'],
    soname: 'big.so',
    padding: wholeFileBytes + 1_000_000,
    buildId: 'abcd',
  }
  const chunked = (window: ElfWindow, bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; at += 65_521) window.add(bytes.subarray(at, at + 65_521))
    return window
  }

  it('keeps small files whole', () => {
    const bytes = buildElf({ needed: ['libc.so.6'] })
    const reading = readElf(chunked(new ElfWindow(bytes.length), bytes))
    expect(reading?.missing).toEqual([])
    expect(reading?.elf).toEqual(parseElf(bytes))
  })

  it('names the ranges it did not keep, and completes the reading with them', () => {
    const bytes = buildElf(design)
    const first = readElf(chunked(new ElfWindow(bytes.length), bytes))
    expect(first?.missing.length).toBeGreaterThan(0)
    expect(first?.elf.needed).toEqual([])
    expect(first?.elf.buildId).toBe('abcd')
    let reading = first
    let extra = first?.missing ?? []
    for (let pass = 0; pass < 4 && reading?.missing.length; pass++) {
      reading = readElf(chunked(new ElfWindow(bytes.length, extra), bytes))
      extra = [...extra, ...(reading?.missing ?? [])]
    }
    expect(reading?.missing).toEqual([])
    expect(reading?.elf).toEqual(parseElf(bytes))
  })
})
