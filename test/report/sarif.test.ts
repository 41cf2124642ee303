/** What `--sarif` prints is what the standard and GitHub's code scanning take, by the judgement of the standard's own validator. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { arch } from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildElf } from '../../src/elf/testdata/elf-builder.ts'
import { validateSarif } from '../engines/sarif-multitool.ts'
import { testImage } from '../verify/image.ts'
import { putImage, typed } from '../verify/typed-command.ts'

/** The project has no page on the web that a log could name. */
const accepted = 'SARIF2005'

describe.runIf(process.platform === 'linux' && arch === 'x64')('SARIF', { timeout: 300_000 }, () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-sarif-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const logOf = async (...args: string[]) => (await typed(folder, args)).stdout

  async function objections(log: string): Promise<string[]> {
    return (await validateSarif(log, folder)).filter((line) => !line.includes(accepted))
  }

  const results = (log: string) => JSON.parse(log).runs[0].results as { ruleId: string }[]

  it('of verify, with findings about a file, a command and the whole image', async () => {
    const tool = { 'usr/bin/tool ü%': { content: buildElf({ machine: 62, type: 2 }), mode: 0o755 } }
    const image = await testImage([{ platform: 'linux/arm64', layers: [tool], config: { Cmd: ['absent'] } }])
    await putImage(image, `oci:${folder}/image:1`)
    const log = await logOf('verify', 'oci:image:1', '--sarif', '--progress', 'quiet')
    expect(results(log).map(({ ruleId }) => ruleId)).toEqual([
      'image/command-not-found',
      'image/wrong-architecture',
      'image/single-platform',
    ])
    expect(await objections(log)).toEqual([])
  })

  it('of check', async () => {
    await writeFile(
      join(folder, 'Dockerfile'),
      'FROM --platform=linux/amd64 node:22-slim\nRUN npm run build\n',
    )
    const log = await logOf('check', '--format', 'sarif')
    expect(results(log).length).toBeGreaterThan(1)
    expect(await objections(log)).toEqual([])
  })

  it('without a finding', async () => {
    expect(await objections(await logOf('check', '--format', 'sarif', 'image'))).toEqual([])
  })

  it('the validator does refuse', async () => {
    expect(await objections('{"version":"2.1.0","runs":[{"tool":{}}]}')).toEqual([
      expect.stringContaining("required property 'driver' is missing"),
    ])
  })
})
