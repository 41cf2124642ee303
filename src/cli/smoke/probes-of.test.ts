import { describe, expect, it } from 'vitest'
import { defaultProbes, type Probe } from '../../smoke/index.ts'
import { type ProbeFlags, probesOf } from './probes-of.ts'

const of = (flags: ProbeFlags, argv: string[] = [], otherwise: readonly Probe[] = defaultProbes) =>
  probesOf(argv, flags, otherwise, (path) => `/here/${path}`)

describe('probesOf', () => {
  it('makes what is configured or the default when nothing is asked, with the settings of the flags', () => {
    expect(of({})).toEqual([{ type: 'addons', env: {} }])
    const configured: Probe[] = [{ type: 'command', argv: ['true'], timeout: 9, env: { A: '1', B: '1' } }]
    expect(of({ env: ['B=2', 'C=a=b'], timeout: 2, retries: 3, readOnly: true }, [], configured)).toEqual([
      {
        type: 'command',
        argv: ['true'],
        env: { A: '1', B: '2', C: 'a=b' },
        timeout: 2000,
        retries: 3,
        readOnly: true,
      },
    ])
  })

  it('asks everything that the flags name', () => {
    const flags: ProbeFlags = {
      addons: true,
      log: ['/ready in \\d+/i'],
      tcp: [9090],
      http: ['3000', ':3000/healthz'],
      httpStatus: 200,
      httpBody: 'fine',
      httpHeader: ['Content-Type: /json/'],
      healthcheck: true,
      stableFor: 0,
      stopTimeout: 4,
      compose: ['c.yaml:tests'],
      exitCode: 2,
      expectOutput: 'v22',
    }
    const expected = { status: 200, body: 'fine', headers: { 'Content-Type': /json/ } }
    expect(of(flags, ['node', '-v'])).toEqual([
      { type: 'addons', env: {} },
      { type: 'command', argv: ['node', '-v'], exitCode: 2, output: 'v22', env: {} },
      {
        type: 'start',
        ready: [
          { type: 'log', text: /ready in \d+/i },
          { type: 'tcp', port: 9090 },
          { type: 'http', port: 3000, path: '/', ...expected },
          { type: 'http', port: 3000, path: '/healthz', ...expected },
          { type: 'healthcheck' },
        ],
        stableFor: 0,
        stopTimeout: 4000,
        env: {},
      },
      { type: 'compose', file: '/here/c.yaml', service: 'tests', env: {} },
    ])
  })

  it.each<[ProbeFlags, RegExp]>([
    [{ http: ['healthz'] }, /healthz is no port and path/],
    [{ http: ['70000/'] }, /70000/],
    [{ env: ['=x'] }, /--env =x: a name and a value are needed/],
    [{ compose: ['compose.yaml'] }, /a file and a service are needed/],
    [{ http: ['3000'], httpHeader: ['json'] }, /--http-header json/],
    [{ log: ['/(/'] }, /no regular expression/],
    [{ exitCode: 1 }, /--exit-code means nothing without a command/],
    [{ expectOutput: 'x' }, /--expect-output means nothing without a command/],
    [{ httpBody: 'x', tcp: [1] }, /--http-body means nothing without --http/],
    [{ stopTimeout: 3 }, /--stop-timeout means nothing without/],
  ])('refuses %j', (flags, message) => {
    expect(() => of(flags)).toThrow(message)
  })
})
