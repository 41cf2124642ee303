import { describe, expect, it } from 'vitest'
import { abiOfMajor, nodeApiOfRelease, nodeOfAbi } from './node-releases.ts'

describe('Node releases', () => {
  it.each([
    ['16.20.2', 8],
    ['18.16.1', 8],
    ['18.17.0', 9],
    ['19.9.0', 8],
    ['20.2.0', 8],
    ['20.19.0', 9],
    ['21.0.0', 9],
    ['22.13.1', 9],
    ['22.14.0', 10],
    ['23.5.0', 9],
    ['23.6.0', 10],
    ['24.0.0', 10],
  ])('Node %s offers Node-API %d', (release, version) => {
    expect(nodeApiOfRelease(release)).toBe(version)
  })

  it('has an ABI for each major', () => {
    expect(abiOfMajor(22)).toBe(127)
    expect(nodeOfAbi(115)).toBe('Node 20')
    expect(abiOfMajor(3)).toBeUndefined()
  })

  it('knows the ABI of the Node that runs this', () => {
    expect(abiOfMajor(Number.parseInt(process.versions.node, 10))).toBe(Number(process.versions.modules))
  })
})
