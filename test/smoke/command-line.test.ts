/** `everyarch smoke` as its users call it. */
import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { InterruptedError } from '../../src/base/index.ts'
import type { SmokeReport } from '../../src/smoke/index.ts'
import { everyarch, type RunSettings } from '../build/everyarch.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { writeSmallService } from './small-service.ts'

const port = 18_440

/** Writes its words and a variable, and ends with the number that its first word is. */
const saying = `
#include <stdio.h>
#include <stdlib.h>
int main(int count, char **words) {
  for (int line = 0; line < 1000; line++) printf("%d %s\\n", line, getenv("GREETING") ? getenv("GREETING") : "nothing");
  return count > 1 ? atoi(words[1]) : 0;
}`

describeWith(['unshare', 'gcc', 'aarch64-linux-gnu-gcc', 'qemu'], 'everyarch smoke', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-command-line-'))
    await ensureQemu(['arm64'])
    const platforms = ['linux/amd64', 'linux/arm64']
    await writeSmallService({ path: join(folder, 'service'), port, platforms })
    await writeSmallService({ path: join(folder, 'saying'), port, platforms, source: saying })
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  const smoke = async (args: readonly string[], settings: Partial<RunSettings> = {}) => {
    const [image = '', ...others] = args
    const own = ['--runner', 'unshare', '--cache-dir', 'cache']
    const outcome = await everyarch(['smoke', `oci:${image}`, ...own, ...others], {
      cwd: folder,
      ...settings,
    })
    expect(readdirSync(join(folder, 'cache/tmp'))).toEqual([])
    return outcome
  }
  const reported = async (...args: [string, ...string[]]) =>
    JSON.parse((await smoke([args[0], '--json', ...args.slice(1)])).stdout) as SmokeReport
  const configured = async (...probes: object[]) => {
    await writeFile(join(folder, 'smoke.json'), JSON.stringify({ smoke: probes }))
    return ['--config', 'smoke.json']
  }

  it('says a line for each platform, and on the other output how far it is', async () => {
    const { exitCode, stdout, stderr } = await smoke(['service', '--http', `${port}/`, '--stable-for', '0'])
    expect(stdout.replaceAll(/\d+\.\d s/g, 'N s')).toMatch(
      /^linux\/amd64 ✓ GET :18440\/ 200 {2}\(N s, unshare [\d.]+\)\nlinux\/arm64 ✓ GET :18440\/ 200 {2}\(N s, unshare [\d.]+, emulated\)\noci:.*: every platform starts\n$/,
    )
    expect(stderr).toMatch(/^smoke +linux\/amd64 ✓/m)
    expect(`${stdout}${stderr}`).not.toContain('\u001B')
    expect(exitCode).toBe(0)
  })

  it('keeps quiet when it is asked to', async () => {
    const { stderr } = await smoke([
      'service',
      '--tcp',
      `${port}`,
      '--stable-for',
      '0',
      '--progress',
      'quiet',
    ])
    expect(stderr).toBe('')
  })

  it('runs a command, with its variables, exit code and output', async () => {
    const command = ['--env', 'GREETING=hello', '--exit-code', '7', '--expect-output', '/^999 hello$/m']
    const { passed, platforms } = await reported('saying', ...command, '--', '/service', '7')
    expect(passed).toBe(true)
    const log = platforms[0]?.probes[0]?.log ?? []
    expect([log.length, log.at(-1)]).toEqual([200, '999 hello'])
    const wrong = await smoke(['saying', '--platform', 'linux/arm64', '--', '/service', '3'])
    expect(wrong.exitCode).toBe(1)
    expect(wrong.stdout).toMatch(
      /it ended with exit code 3\n {2}→ .+\n( {2}\| \d+ nothing\n){10}1 platform failed\n$/,
    )
  })

  it('tries again as often as the probe says', async () => {
    const { platforms } = await reported('saying', '--retries', '2', '--', '/service', '3')
    expect(platforms.map(({ probes }) => probes[0]?.attempts)).toEqual([3, 3])
  })

  it('makes the probes of the configuration, each on its platforms', async () => {
    const settings = await configured(
      { command: ['/service'], env: { GREETING: 'moin' }, output: 'moin', platforms: ['linux/arm64'] },
      { command: ['/service', '4'], exitCode: 4, platforms: ['linux/arm64'] },
    )
    const { platforms } = await reported('saying', ...settings)
    expect(platforms.map(({ outcome, reason, probes }) => [outcome, reason?.code, probes.length])).toEqual([
      ['untested', 'no-probe', 0],
      ['passed', undefined, 2],
    ])
  })

  it('looks at status, headers and body', async () => {
    const check = async (http: object) => {
      const settings = await configured({ http: { port, ...http }, stableFor: 0, timeout: 1 })
      const { platforms } = await reported('service', '--platform', 'linux/amd64', ...settings)
      return platforms[0]?.probes[0]?.cause?.text
    }
    const headers = { Connection: { matches: '^close$' } }
    expect(await check({ status: 200, body: { matches: '^ok$' }, headers })).toBeUndefined()
    expect(await check({ status: 204 })).toMatch(/^GET :18440\/ 200, expected 204/)
    expect(await check({ headers: { 'X-Shop': 'open' } })).toMatch(/X-Shop: , without "open"/)
    expect(await check({ body: 'yes' })).toMatch(/without "yes" in its body/)
  })

  it('ends when it is interrupted, with nothing left', async () => {
    const interrupt = new AbortController()
    const given = smoke(['service', '--log', 'never said', '--timeout', '60'], { signal: interrupt.signal })
    await wait(1500)
    interrupt.abort(new InterruptedError())
    const { exitCode, stderr } = await given
    expect([exitCode, stderr]).toEqual([130, 'error: interrupted  (exit 130)\n'])
  })

  it.each<[string[], RegExp, number]>([
    [['service', '--memory', '5m'], /5m is no size of memory/, 2],
    [['service', '--http', 'healthz'], /healthz is no port and path/, 2],
    [['service', '--exit-code', '3'], /--exit-code means nothing without a command/, 2],
    [['service', '--runner', 'qemu'], /--runner qemu: this is no runner/, 2],
    [['absent'], /there is no folder .*absent/, 3],
  ])('refuses %j in words', async (args, words, code) => {
    const { exitCode, stderr } = await smoke(args)
    expect([exitCode, stderr]).toEqual([code, expect.stringMatching(words)])
    expect(stderr).not.toMatch(/^ +at /m)
  })
})
