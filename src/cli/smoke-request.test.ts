import { describe, expect, it } from 'vitest'
import { defaultProbes } from '../smoke/index.ts'
import type { SmokeGateFlags } from './commands/smoke-options.ts'
import { type SmokeDecision, smokeRequest } from './smoke-request.ts'

const decide = (flags: SmokeGateFlags, decision: Partial<SmokeDecision> = {}) =>
  smokeRequest(flags, { configuration: {}, root: '/shop', pushing: false, reuse: true, ...decision })

describe('smokeRequest', () => {
  it('starts nothing when nothing is pushed and nothing is asked', () => {
    expect(decide({})).toBeUndefined()
  })

  it('tests what is pushed, unless told not to', () => {
    expect(decide({}, { pushing: true })?.probes).toEqual([expect.objectContaining(defaultProbes[0])])
    expect(decide({ smoke: false }, { pushing: true })).toBeUndefined()
  })

  it('tests what the configuration or a flag asks for, also when nothing is pushed', () => {
    const configuration = { smoke: [{ compose: { file: 'test.yaml', service: 'tests' } }] }
    expect(decide({}, { configuration })?.probes).toEqual([
      expect.objectContaining({ type: 'compose', file: '/shop/test.yaml' }),
    ])
    expect(decide({ smokeHttp: ['3000/healthz'] }, { configuration })?.probes).toEqual([
      expect.objectContaining({ type: 'start', ready: [{ type: 'http', port: 3000, path: '/healthz' }] }),
    ])
    expect(decide({ smoke: true })).toBeDefined()
  })

  it('takes engines for single platforms from flags and configuration', () => {
    const configuration = { runners: { 'linux/arm64': 'arm', 'linux/s390x': 'mainframe' } }
    const request = decide(
      { smoke: true, smokeRunner: ['crun', 'linux/arm64=ssh://arm.example'] },
      { configuration },
    )
    expect(request?.runners).toEqual({
      wanted: 'crun',
      places: { 'linux/arm64': 'ssh://arm.example', 'linux/s390x': 'mainframe' },
    })
  })

  it('lets platforms through untested only by name', () => {
    const allowed = (...words: string[]) => decide({ smoke: true, allowUntested: words })?.allowUntested
    expect(allowed()).toEqual([])
    expect(allowed('arm64')).toEqual([{ os: 'linux', architecture: 'arm64' }])
    expect(allowed('all')).toBe('all')
    expect(() => allowed('linux/x86')).toThrow('linux/x86')
  })
})
