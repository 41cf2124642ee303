import { describe, expect, it } from 'vitest'
import type { Configuration } from './configuration.ts'
import { checkConfiguration } from './read-configuration.ts'

const check = (value: unknown): Promise<Configuration> =>
  checkConfiguration(JSON.stringify(value), 'everyarch.config.json', [])
const problem = async (probe: unknown): Promise<string> => {
  try {
    await check({ smoke: [probe] })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('smoke', () => {
  it('takes every kind of probe', async () => {
    const smoke = [
      { addons: true, platforms: ['linux/aarch64'] },
      { command: ['node', '-v'], exitCode: 0, output: { matches: '^v' } },
      { http: '3000/healthz', log: 'listening', stopTimeout: 5, timeout: 0.5 },
      { http: { port: 3000, path: '/', status: 200, body: 'fine', headers: { Server: 'shop' } } },
      {
        tcp: 5432,
        healthcheck: true,
        stableFor: 0,
        env: { A: '' },
        retries: 2,
        readOnly: true,
        memory: '512m',
      },
      { compose: { file: 'compose.yaml', service: 'tests' } },
    ]
    const { smoke: read } = await check({ smoke })
    expect(read?.[0]?.platforms).toEqual(['linux/arm64'])
    expect(read?.slice(1)).toEqual(smoke.slice(1))
  })

  it.each<[unknown, RegExp]>([
    [{ timeout: 3 }, /smoke\[0\]: must say what is tested: "http", /],
    [{ http: '3000', command: ['x'] }, /smoke\[0\]\.http: cannot have both "command" and "http"/],
    [{ tcp: 3000, exitCode: 1 }, /exitCode: means nothing without "command"/],
    [{ command: ['x'], stopTimeout: 1 }, /stopTimeout: means nothing without "http", "tcp"/],
    [{ http: 'healthz' }, /http: must be a port and a path/],
    [{ http: { port: 0 } }, /http\.port: must be at least 1/],
    [{ log: { matches: '(' } }, /log\.matches: must be a regular expression/],
    [{ tcp: 70_000 }, /tcp: must be at most 65535/],
    [{ timeout: 0, addons: true }, /timeout: must be/],
    [{ addons: false }, /addons: must be/],
    [{ command: [] }, /command: must name a command/],
    [{ compose: { file: 'x' } }, /compose.*service.*missing/],
    [{ addons: true, retrys: 2 }, /unknown key, did you mean "retries"/],
    [{ addons: true, platforms: ['linux/x86'] }, /platforms\[0\].*linux\/x86/],
  ])('refuses %j', async (probe, message) => {
    expect(await problem(probe)).toMatch(message)
  })
})

describe('runners', () => {
  it('names an engine for a platform', async () => {
    const runners = { 'linux/arm64': 'ssh://ci@arm.example', 'linux/s390x': 'mainframe' }
    expect((await check({ runners })).runners).toEqual(runners)
    await expect(check({ runners: { 'linux/x86': 'x' } })).rejects.toThrow(/linux\/x86/)
    await expect(check({ runners: { 'linux/arm64': 'a b' } })).rejects.toThrow(/must be an address/)
  })
})
