/** Every fault is found on the platform that has it, with the right rule; its sound twin, and the other platform, are silent. */
import { beforeAll, expect, it } from 'vitest'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { compilers } from './compile.ts'
import { type Base, baseOf, faults, memoryRecords, testImage, verify } from './image.ts'
import { type Architecture, plantedFaults, type Variation } from './planted-faults.ts'

describeWith(['base-image', ...Object.values(compilers)], 'planted faults', () => {
  const records = memoryRecords()
  const bases = new Map<Architecture, Base>()
  const architectures: readonly Architecture[] = ['amd64', 'arm64']

  beforeAll(async () => {
    const layout = await nodeBaseImage()
    for (const architecture of architectures) bases.set(architecture, baseOf(layout, `linux/${architecture}`))
  })

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

  const cases = plantedFaults.flatMap((fault) =>
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
})
