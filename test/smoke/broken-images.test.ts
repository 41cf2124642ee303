/** Images that are well formed and do not work: each is caught, with the cause in words, by every kind of runner. */
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  chooseRunners,
  type Probe,
  type ProbeResult,
  type Runner,
  type RunnerName,
  smokeImage,
} from '../../src/smoke/index.ts'
import { type ContentCache, type ImageReader, openCache } from '../../src/store/index.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { type Podman, podmanIn } from '../engines/podman.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { baseOf, testImage } from '../verify/image.ts'
import {
  addonFiles,
  addonVerdicts,
  port,
  serviceConfig,
  serviceFiles,
  serviceVerdicts,
  smallImages,
  type Verdict,
} from './broken.ts'

const { signal } = new AbortController()
/** One engine and one runtime are asked everything; the others what may differ between engines. */
const thorough: RunnerName[] = ['docker', 'crun']
const needs = [
  'docker',
  'qemu',
  'base-image',
  'podman',
  'crun',
  'runc',
  'unshare',
  'gcc',
  'aarch64-linux-gnu-gcc',
]
const anything: Probe = { type: 'start', ready: [{ type: 'tcp', port }], timeout: 60_000 }

describeWith(needs, 'broken images', () => {
  let folder: string
  let layout: string
  let docker: Docker
  let podman: Podman
  let cache: ContentCache

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-smoke-'))
    cache = openCache(join(folder, 'cache'))
    layout = await nodeBaseImage()
    await ensureQemu(['arm64'])
    docker = await startDocker()
    podman = await podmanIn(join(folder, 'podman'))
  })

  afterAll(async () => {
    await docker.stop()
    await podman.podman(['system', 'reset', '--force'])
    await rm(folder, { recursive: true, force: true })
  })

  const nodeImage = (files: ReturnType<typeof serviceFiles>): Promise<ImageReader> => {
    const base = baseOf(layout, 'linux/amd64')
    const platform = {
      platform: 'linux/amd64',
      layers: [...base.layers, files],
      config: { ...base.config, ...serviceConfig },
    }
    return testImage([platform])
  }
  const leftBehind = async (name: RunnerName) => {
    const engine =
      name === 'docker'
        ? `${await docker.docker(['ps', '--all', '--quiet'])}\n${await docker.docker(['image', 'ls', '--all', '--quiet'])}`
        : name === 'podman'
          ? `${await podman.podman(['ps', '--all', '--quiet'])}\n${await podman.podman(['image', 'ls', '--all', '--quiet'])}`
          : ''
    return [...engine.split('\n').filter(Boolean), ...readdirSync(join(folder, 'cache/tmp'))]
  }

  describe.each<RunnerName>(['docker', 'podman', 'crun', 'runc', 'unshare'])('%s', (name) => {
    let runners: Runner[]
    const isThorough = thorough.includes(name)
    const asked = <T extends { everywhere?: boolean }>(list: readonly T[]) =>
      list.filter(({ everywhere = false }) => everywhere || isThorough)
    const probed = async (image: ImageReader, probes: readonly Probe[]): Promise<ProbeResult[]> => {
      const report = await smokeImage(image, { probes, runners, signal })
      expect(report.platforms[0]?.runner).toContain(name)
      return report.platforms[0]?.probes ?? []
    }
    beforeAll(async () => {
      const env = name === 'docker' ? docker.env : podman.env
      runners = await chooseRunners({ wanted: name, env: { ...process.env, ...env }, cache, signal })
    })

    describe('services', () => {
      const verdicts = asked(serviceVerdicts)
      let results: ProbeResult[] = []
      beforeAll(async () => {
        results = await probed(
          await nodeImage(serviceFiles()),
          verdicts.map(({ probe }) => probe),
        )
      })
      it.each(verdicts.map((verdict, index) => ({ ...verdict, index })))(
        'finds $title',
        ({ index, ...verdict }) => {
          expect(mismatches(results[index], verdict)).toEqual([])
        },
      )
    })

    it('names each addon that cannot be loaded, and loads the others', async () => {
      const [result] = await probed(await nodeImage(addonFiles()), [{ type: 'addons', timeout: 120_000 }])
      const reasons = Object.fromEntries(
        (result?.addons ?? []).map(({ path, reason }) => [path.split('/')[2] ?? '', reason]),
      )
      expect(Object.keys(reasons)).toEqual(Object.keys(addonVerdicts))
      for (const [addon, wanted] of Object.entries(addonVerdicts)) {
        expect([addon, reasons[addon]]).toEqual([addon, wanted && expect.stringMatching(wanted)])
      }
      expect(result?.cause?.text).toMatch(/^app\/node_modules\/b-foreign/)
    })

    it.each(asked(smallImages))(
      'finds $title',
      async ({ platform = 'linux/amd64', files, config, probe, ...verdict }) => {
        const image = await testImage([{ platform, layers: [files()], config }])
        const [result] = await probed(image, [probe ?? anything])
        expect(mismatches(result, verdict)).toEqual([])
      },
    )

    it('leaves nothing behind', async () => {
      expect(await leftBehind(name)).toEqual([])
    })
  })
})

/** What of a result is not as it has to be, with the log. */
function mismatches(
  result: ProbeResult | undefined,
  { cause, says = /(?:)/ }: Pick<Verdict, 'cause' | 'says'>,
): string[] {
  const found = result?.cause
  const isRight =
    cause === undefined
      ? result?.outcome === 'passed'
      : new RegExp(`^(?:${cause})$`).test(found?.code ?? '') &&
        says.test(found?.text ?? '') &&
        found?.hint !== ''
  return isRight ? [] : [`${found?.code}: ${found?.text}`, ...(result?.log.slice(-8) ?? [])]
}
