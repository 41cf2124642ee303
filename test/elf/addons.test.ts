/** What real compilers make of addons, and what is read of it. */
import { beforeAll, expect, it } from 'vitest'
import { parseElf } from '../../src/elf/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureMusl } from '../engines/musl.ts'
import { abiAddon, compilers, type Machine, nodeApiAddon, registeringAddon } from '../verify/compile.ts'

const machines: readonly Machine[] = ['amd64', 'arm64', 'arm', 'amd64-musl', 'arm64-musl']

describeWith(['musl', ...Object.values(compilers)], 'addons', () => {
  beforeAll(() => ensureMusl(['amd64', 'arm64']), 120_000)

  it.each(machines)('reads the ABI of an entry: %s', (machine) => {
    expect(parseElf(abiAddon(machine, 115))?.addon).toEqual({ api: 'node', abis: [115], nodeApiVersion: 0 })
  })

  it.each(machines)('reads the ABI of a module record: %s', (machine) => {
    expect(parseElf(registeringAddon(machine, 127))?.addon).toEqual({
      api: 'node',
      abis: [127],
      nodeApiVersion: 0,
    })
  })

  it.each(machines)('reads the Node-API version that is declared: %s', (machine) => {
    const addon = parseElf(nodeApiAddon(machine, { version: 9 }))?.addon
    expect(addon).toEqual({ api: 'node-api', abis: [], nodeApiVersion: 9 })
  })

  it.each(machines)('reads the Node-API version of the functions that are called: %s', (machine) => {
    const elf = parseElf(nodeApiAddon(machine, { calls: 'node_api_create_property_key_utf8' }))
    expect(elf?.addon?.nodeApiVersion).toBe(10)
    expect(elf?.nodeApiImports).toEqual(['node_api_create_property_key_utf8'])
  })

  it('tells glibc from musl', () => {
    expect(parseElf(nodeApiAddon('amd64'))?.libc).toBe('glibc')
    expect(parseElf(nodeApiAddon('amd64-musl'))?.libc).toBe('musl')
    expect(parseElf(nodeApiAddon('arm64-musl'))?.libc).toBe('musl')
  })
})
