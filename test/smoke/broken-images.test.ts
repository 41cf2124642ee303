/** Images that are well formed and do not work: each is caught, with the cause in words, by every kind of runner. */
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mapConcurrently } from '../../src/base/index.ts'
import {
  chooseRunners,
  type Probe,
  type ProbeResult,
  type RunnerName,
  smokeImage,
} from '../../src/smoke/index.ts'
import { type ImageReader, openCache } from '../../src/store/index.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { type Podman, podmanIn } from '../engines/podman.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { baseOf, type Files, testImage } from '../verify/image.ts'
import {
  addonFiles,
  addonVerdicts,
  anything,
  serviceConfig,
  serviceFiles,
  serviceVerdicts,
  smallImages,
  type SmallImage,
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

const names: RunnerName[] = ['docker', 'podman', 'crun', 'runc', 'unshare']
const asked = <T extends Pick<Verdict, 'everywhere' | 'except'>>(name: RunnerName, list: readonly T[]) =>
  list.filter(
    ({ everywhere = false, except = [] }) =>
      (everywhere || thorough.includes(name)) && !except.includes(name),
  )

interface Findings {
  services: ProbeResult[]
  addons: ProbeResult[]
  small: ProbeResult[]
}

describeWith(needs, 'broken images', () => {
  let folder: string
  let docker: Docker
  let podman: Podman
  const found = new Map<RunnerName, Promise<Findings>>()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-smoke-'))
    await ensureQemu(['arm64'])
    docker = await startDocker()
    podman = await podmanIn(join(folder, 'podman'))
    const layout = await nodeBaseImage()
    const nodeImage = (files: Files): Promise<ImageReader> => {
      const base = baseOf(layout, 'linux/amd64')
      const config = { ...base.config, ...serviceConfig }
      return testImage([{ platform: 'linux/amd64', layers: [...base.layers, files], config }])
    }
    const services = await nodeImage(serviceFiles())
    const addons = await nodeImage(addonFiles())
    const small = new Map<SmallImage, ImageReader>()
    for (const image of smallImages) {
      const { platform = 'linux/amd64', files, config } = image
      small.set(image, await testImage([{ platform, layers: [files()], config }]))
    }
    const findings = async (name: RunnerName): Promise<Findings> => {
      const env = { ...process.env, ...(name === 'docker' ? docker.env : podman.env) }
      const cache = openCache(cacheOf(name))
      const runners = await chooseRunners({ wanted: name, env, cache, signal })
      const probed = async (image: ImageReader | undefined, probes: readonly Probe[]) => {
        const [tested] = (await smokeImage(image as ImageReader, { probes, runners, signal })).platforms
        expect(tested?.runner).toContain(name)
        return tested?.probes ?? []
      }
      const probes = asked(name, serviceVerdicts).map(({ probe }) => probe)
      const [ofServices, ofAddons, ofSmall] = await Promise.all([
        probed(services, probes),
        probed(addons, [{ type: 'addons', timeout: 120_000 }]),
        mapConcurrently(
          asked(name, smallImages),
          2,
          (image) => probed(small.get(image), [image.probe ?? anything]),
          { signal },
        ),
      ])
      return { services: ofServices, addons: ofAddons, small: ofSmall.flat() }
    }
    // What takes long is mostly waiting: engines and runtimes have it done side by side, before anybody looks.
    for (const lane of [names.slice(0, 2), names.slice(2)]) {
      let before: Promise<unknown> = Promise.resolve()
      for (const name of lane) {
        const own = before.then(() => findings(name))
        found.set(name, own)
        before = own.catch(() => {})
      }
    }
    await Promise.allSettled(found.values())
  })

  afterAll(async () => {
    await docker.stop()
    await podman.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const cacheOf = (name: RunnerName) => join(folder, `cache-${name}`)
  const leftBehind = async (name: RunnerName) => {
    const ask =
      name === 'docker' ? docker.docker : name === 'podman' ? podman.podman : () => Promise.resolve('')
    const engine = [await ask(['ps', '--all', '--quiet']), await ask(['image', 'ls', '--all', '--quiet'])]
    return [...engine.join('\n').split('\n').filter(Boolean), ...readdirSync(join(cacheOf(name), 'tmp'))]
  }

  describe.each(names)('%s', (name) => {
    let findings: Findings
    beforeAll(async () => {
      findings = await (found.get(name) as Promise<Findings>)
    })

    it.each(asked(name, serviceVerdicts).map((verdict, index) => ({ ...verdict, index })))(
      'finds $title',
      ({ index, ...verdict }) => {
        expect(mismatches(findings.services[index], verdict)).toEqual([])
      },
    )

    it.each(asked(name, smallImages).map((verdict, index) => ({ ...verdict, index })))(
      'finds $title',
      ({ index, ...verdict }) => {
        expect(mismatches(findings.small[index], verdict)).toEqual([])
      },
    )

    it('names each addon that cannot be loaded, and loads the others', () => {
      const [result] = findings.addons
      const reasons = Object.fromEntries(
        (result?.addons ?? []).map(({ path, reason }) => [path.split('/')[2] ?? '', reason]),
      )
      expect(Object.keys(reasons)).toEqual(Object.keys(addonVerdicts))
      for (const [addon, wanted] of Object.entries(addonVerdicts)) {
        expect([addon, reasons[addon]]).toEqual([addon, wanted && expect.stringMatching(wanted)])
      }
      expect(result?.cause?.text).toMatch(/^app\/node_modules\/b-foreign/)
    })

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
