import { describe, expect, it } from 'vitest'
import { type Builder, BuildkitError } from '../engines/buildkit/index.ts'
import { parsePlatform } from '../oci/index.ts'
import { chooseEngine } from './choose-engine.ts'

const platforms = ['linux/amd64', 'linux/arm64'].map(parsePlatform)
const [amd64] = platforms
const builder: Builder = {
  name: 'default',
  driver: 'docker',
  nodes: [
    {
      name: 'default',
      endpoint: 'default',
      status: 'running',
      platforms,
      assigned: [],
      ...(amd64 ? { native: amd64 } : {}),
    },
  ],
}
const silentEngine = new BuildkitError('ENGINE_UNREACHABLE', 'no Docker engine answers', {
  kind: 'environment',
  hint: 'start Docker',
})
const dockerfile = 'Dockerfile'

describe('chooseEngine', () => {
  it.each([
    [
      { wanted: 'auto', dockerfile, builder },
      'buildkit',
      /^buildkit \(Dockerfile\) on default \(docker: linux\/amd64; linux\/arm64 emulated\)$/,
    ],
    [{ wanted: 'auto' }, 'direct', /no Dockerfile/],
    [{ wanted: 'direct', dockerfile }, 'direct', /Dockerfile is not used/],
    [{ wanted: 'direct' }, 'direct', /asked for/],
    [{ wanted: 'buildkit', dockerfile, builder }, 'buildkit', /^buildkit/],
  ] as const)('%#', (facts, engine, text) => {
    const choice = chooseEngine({ platforms, ...facts })
    expect(choice.engine).toBe(engine)
    expect(choice.text).toMatch(text)
  })

  it('with a Dockerfile and no builder nothing is switched silently', () => {
    expect(() => chooseEngine({ wanted: 'auto', dockerfile, builder: silentEngine, platforms })).toThrow(
      expect.objectContaining({
        code: 'ENGINE_UNAVAILABLE',
        message: expect.stringContaining('no Docker engine answers') as string,
        hint: expect.stringMatching(/start Docker\n--engine direct leaves the Dockerfile aside/) as string,
      }),
    )
  })

  it('who asked for buildkit hears the builder’s own trouble, or that there is no Dockerfile', () => {
    expect(() => chooseEngine({ wanted: 'buildkit', dockerfile, builder: silentEngine, platforms })).toThrow(
      silentEngine,
    )
    expect(() => chooseEngine({ wanted: 'buildkit', platforms })).toThrow(
      expect.objectContaining({ code: 'DOCKERFILE_NOT_FOUND' }),
    )
  })
})
