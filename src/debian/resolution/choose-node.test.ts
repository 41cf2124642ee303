import { beforeEach, describe, expect, it } from 'vitest'
import type { Finding } from '../../base/index.ts'
import { parsePlatforms } from '../../oci/index.ts'
import { architectureOf } from '../architecture.ts'
import { memoryCache, options, testNpm } from '../fixtures/test-archive.ts'
import type { NpmAccess } from '../ports.ts'
import { chooseNode } from './choose-node.ts'

const minute = 60_000

describe('chooseNode', () => {
  let cache: ReturnType<typeof memoryCache>
  let npm: NpmAccess
  let time: number
  let asked: number
  let findings: Finding[]
  beforeEach(() => {
    cache = memoryCache()
    npm = testNpm('22.1.0')
    time = Date.UTC(2030, 0, 1)
    asked = 0
    findings = []
  })

  const choose = async (range: string, platforms = 'linux/amd64') => {
    const counting: NpmAccess = {
      ...npm,
      packument: (name, cancel) => (asked++, npm.packument(name, cancel)),
    }
    const ports = { npm: counting, cache, now: () => new Date(time) }
    const report = (finding: Finding) => void findings.push(finding)
    const architectures = parsePlatforms(platforms).map(architectureOf)
    const [chosen] = await chooseNode(range, architectures, { ports, report }, options)
    return chosen?.version
  }
  const breakNpm = () => {
    npm = { ...npm, packument: () => Promise.reject(new TypeError('fetch failed')) }
  }

  it('asks again after an hour', async () => {
    expect(await choose('22')).toBe('22.1.0')
    npm = testNpm('22.2.0')
    time += 59 * minute
    expect(await choose('22')).toBe('22.1.0')
    expect(asked).toBe(1)
    time += minute
    expect(await choose('22')).toBe('22.2.0')
  })

  it('asks for each range and set of platforms', async () => {
    await choose('22')
    await choose('>=22')
    await choose('22', 'linux/amd64,linux/arm64')
    expect(asked).toBe(4)
  })

  it('never asks again for an exact version, nor trusts a clock that was ahead', async () => {
    await choose('22.1.0')
    time += 1e6 * minute
    expect(await choose('22.1.0')).toBe('22.1.0')
    expect(asked).toBe(1)
    await choose('22')
    time -= minute
    await choose('22')
    expect(asked).toBe(3)
  })

  it('stays with an earlier choice while npm does not answer, and says so', async () => {
    await choose('22')
    breakNpm()
    time += 90 * minute
    expect(await choose('22')).toBe('22.1.0')
    expect(findings).toMatchObject([{ rule: 'base/stale-node-choice', details: { reason: 'fetch failed' } }])
    await expect(choose('>=22')).rejects.toThrow('fetch failed')
  })
})
