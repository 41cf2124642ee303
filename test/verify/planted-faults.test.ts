/** Every fault is found on the platform that has it, with the right rule; its sound twin, and the other platform, are silent. */
import { beforeAll, expect, it } from 'vitest'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureMusl } from '../engines/musl.ts'
import { compilers } from './compile.ts'
import { type Base, baseOf, faults, memoryRecords, packLayer, testImage, verify } from './image.ts'
import { muslBase } from './musl-base.ts'
import { type Architecture, type PlantedFault, plantedFaults, type Variation } from './planted-faults.ts'
import { plantedMuslFaults } from './planted-musl-faults.ts'

const architectures: readonly Architecture[] = ['amd64', 'arm64']

/** Each fault on each platform, and each sound twin; `baseFor` makes what they are put on. */
function itFinds(
  planted: readonly PlantedFault[],
  baseFor: (architecture: Architecture) => Promise<Base>,
): void {
  const records = memoryRecords()
  const bases = new Map<Architecture, Base>()

  beforeAll(async () => {
    await ensureMusl(architectures)
    for (const architecture of architectures) bases.set(architecture, await baseFor(architecture))
  }, 300_000)

  /** The image with this variation on one platform, and the bare base on the other. */
  async function findings(architecture: Architecture, variation: Variation): Promise<string[]> {
    const platforms = architectures.map((own) => {
      const base = bases.get(own) as Base
      const { layers, config } = own === architecture ? variation : { layers: [], config: {} }
      const env = [...(base.config.Env ?? []), ...(config?.Env ?? [])]
      return {
        platform: `linux/${own}`,
        layers: [...base.layers, ...layers],
        config: { ...base.config, ...config, Env: env },
      }
    })
    return faults(await verify(await testImage(platforms), { records }))
  }

  const cases = planted.flatMap((fault) =>
    (fault.architectures ?? architectures).map((architecture) => ({ ...fault, architecture })),
  )

  it.each(cases)(
    '$rule, $architecture: $title',
    async ({ architecture, rule, path, severity = 'error', faulty }) => {
      const place =
        path === '*' ? expect.stringMatching(`^${severity} ${rule} linux/${architecture} `) : undefined
      const text = [severity, rule, `linux/${architecture}`, path].filter(Boolean).join(' ')
      expect(await findings(architecture, faulty(architecture))).toEqual([place ?? text])
    },
  )

  it.each(cases)('silent, $architecture: the sound twin of $title', async ({ architecture, sound }) => {
    expect(await findings(architecture, sound(architecture))).toEqual([])
  })
}

describeWith(['base-image', 'musl', ...Object.values(compilers)], 'planted faults', () => {
  itFinds(plantedFaults, async (architecture) => baseOf(await nodeBaseImage(), `linux/${architecture}`))
})

describeWith(['musl', ...Object.values(compilers)], 'planted faults, musl', () => {
  itFinds(plantedMuslFaults, async (architecture) => ({
    layers: [await packLayer(muslBase(architecture, ['napi_create_object', 'node_api_symbol_for']))],
    config: { Cmd: ['node'], Env: ['NODE_VERSION=22.23.0'] },
  }))
})
