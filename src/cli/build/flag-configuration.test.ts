import { describe, expect, it } from 'vitest'
import type { ImageFlags } from '../commands/build.ts'
import { flagConfiguration } from './flag-configuration.ts'

const flags = (change: Partial<ImageFlags>): ImageFlags => ({ engine: 'auto', ...change })

describe('flagConfiguration', () => {
  it('says nothing about what was not given', () => {
    expect(flagConfiguration(flags({}))).toEqual({})
  })

  it.each<[Partial<ImageFlags>, unknown]>([
    [{ platform: ['linux/amd64', 'arm64', 'linux/amd64/v1'] }, { platforms: ['linux/amd64', 'linux/arm64'] }],
    [{ base: 'node:22' }, { base: 'node:22' }],
    [{ base: 'assemble:trixie' }, { base: { assemble: 'debian', suite: 'trixie' } }],
    [{ env: ['A=1', 'B=x=y', 'C='] }, { image: { env: { A: '1', B: 'x=y', C: '' } } }],
    [{ port: ['8080', '53/udp'] }, { image: { ports: ['8080/tcp', '53/udp'] } }],
    [{ entrypoint: 'node  server.js' }, { image: { entrypoint: ['node', 'server.js'] } }],
    [{ cmd: '["node","a b.js"]' }, { image: { cmd: ['node', 'a b.js'] } }],
    [{ insecureRegistry: ['r:5000'] }, { registry: { insecure: ['r:5000'] } }],
    [
      { compression: 'zstd', compressionLevel: 3 },
      { compression: 'zstd', compressionLevel: 3 },
    ],
  ])('%j', (given, expected) => {
    expect(flagConfiguration(flags(given))).toEqual(expected)
  })

  it.each<Partial<ImageFlags>>([
    { env: ['A'] },
    { label: ['=x'] },
    { port: ['0'] },
    { port: ['70000'] },
    { port: ['80/icmp'] },
    { cmd: '[1]' },
    { entrypoint: '[broken' },
    { platform: ['linux/x86'] },
  ])('refuses %j', (given) => {
    expect(() => flagConfiguration(flags(given))).toThrow(expect.objectContaining({ kind: 'usage' }))
  })
})
