import { describe, expect, it } from 'vitest'
import { probesFromConfiguration } from './probes-from-configuration.ts'

const from = (...list: Parameters<typeof probesFromConfiguration>[0]) =>
  probesFromConfiguration(list, '/project')

describe('probesFromConfiguration', () => {
  it('keeps order, and gives every setting in milliseconds', () => {
    const settings = { platforms: ['linux/arm64'], timeout: 20, env: { A: 'b' }, retries: 2, readOnly: true }
    const given = { platforms: ['linux/arm64'], timeout: 20_000, env: { A: 'b' }, retries: 2, readOnly: true }
    expect(
      from(
        { command: ['node', '-v'], exitCode: 3, output: { matches: '^v22' }, ...settings },
        { addons: true, timeout: 1.5 },
      ),
    ).toEqual([
      { type: 'command', argv: ['node', '-v'], exitCode: 3, output: /^v22/, ...given },
      { type: 'addons', timeout: 1500 },
    ])
  })

  it('waits for everything that one probe names, in the order in which services get there', () => {
    const http = {
      port: 3000,
      status: 204,
      body: 'fine',
      headers: { 'content-type': { matches: 'json' } },
    }
    expect(
      from({ healthcheck: true, http, tcp: 9090, log: 'listening', stableFor: 0, stopTimeout: 5 }),
    ).toEqual([
      {
        type: 'start',
        ready: [
          { type: 'log', text: 'listening' },
          { type: 'tcp', port: 9090 },
          {
            type: 'http',
            port: 3000,
            path: '/',
            status: 204,
            body: 'fine',
            headers: { 'content-type': /json/ },
          },
          { type: 'healthcheck' },
        ],
        stableFor: 0,
        stopTimeout: 5000,
      },
    ])
  })

  it('reads a port and a path as a request', () => {
    expect(from({ http: '3000/healthz?full' })).toEqual([
      { type: 'start', ready: [{ type: 'http', port: 3000, path: '/healthz?full' }] },
    ])
    expect(() => from({ http: '70000/' })).toThrow(/70000/)
  })

  it('finds a compose file from the project on', () => {
    expect(from({ compose: { file: 'test/compose.yaml', service: 'tests' } })).toEqual([
      { type: 'compose', file: '/project/test/compose.yaml', service: 'tests' },
    ])
  })
})
