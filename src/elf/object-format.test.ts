import { describe, expect, it } from 'vitest'
import { objectFormat } from './object-format.ts'
import { buildElf } from './testdata/elf-builder.ts'

const bytes = (...values: number[]) => Buffer.from(values)
const portableExecutable = (machine: number[]) => {
  const head = Buffer.alloc(128)
  head.write('MZ')
  head.writeUInt32LE(0x60, 0x3c)
  head.write('PE\0\0', 0x60, 'latin1')
  Buffer.from(machine).copy(head, 0x64)
  return head
}

describe('objectFormat', () => {
  it.each([
    ['ELF', buildElf({}), { format: 'elf', architectures: [] }],
    [
      'Mach-O arm64',
      bytes(0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1),
      { format: 'mach-o', architectures: ['arm64'] },
    ],
    ['Mach-O x64', bytes(0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1), { format: 'mach-o', architectures: ['x64'] }],
    [
      'universal Mach-O',
      Buffer.concat([
        bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2, 1, 0, 0, 7),
        Buffer.alloc(16),
        bytes(1, 0, 0, 0x0c),
      ]),
      { format: 'mach-o', architectures: ['x64', 'arm64'] },
    ],
    ['PE x64', portableExecutable([0x64, 0x86]), { format: 'pe', architectures: ['x64'] }],
    ['PE arm64', portableExecutable([0x64, 0xaa]), { format: 'pe', architectures: ['arm64'] }],
    ['WebAssembly', bytes(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), { format: 'wasm', architectures: [] }],
    ['a Java class', bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52), undefined],
    ['a DOS program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(126)]), undefined],
    ['a script', Buffer.from('#!/bin/sh\n'), undefined],
    ['nothing', Buffer.alloc(0), undefined],
  ])('%s', (_, head, expected) => {
    expect(objectFormat(head)).toEqual(expected)
  })
})
