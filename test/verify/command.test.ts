/** `everyarch verify` as it is typed: every place an image can live, every output, every exit code. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildElf } from '../../src/elf/testdata/elf-builder.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { singleImage, testImage } from './image.ts'
import { putImage, typed } from './typed-command.ts'

const tool = (machine: number) => ({
  'usr/bin/tool': { content: buildElf({ machine, type: 2 }), mode: 0o755 },
})
const amd64 = { platform: 'linux/amd64', layers: [tool(62)], history: [{ created_by: 'COPY tool /usr/bin' }] }
const sound = () => testImage([amd64, { platform: 'linux/arm64', layers: [tool(183)] }])
const faulty = () => testImage([amd64, { ...amd64, platform: 'linux/arm64' }])

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everyarch-verify-'))
})
afterAll(() => rm(folder, { recursive: true }))

const run = (...args: string[]) => typed(folder, ['verify', ...args, '--progress', 'quiet'], { TAG: 'sound' })

describe('everyarch verify', () => {
  it('ends with 0 for a sound image', async () => {
    const { exit, stdout } = await run(await putImage(await sound(), `oci:${folder}/sound:1`))
    expect(exit).toBe(0)
    expect(stdout).toContain('linux/arm64')
    expect(stdout).toContain('no findings')
  })

  it('ends with 1 for an error, and says where it is', async () => {
    const { exit, stdout } = await run(await putImage(await faulty(), `oci:${folder}/faulty:1`))
    expect(exit).toBe(1)
    expect(stdout).toContain('error  image/wrong-architecture  linux/arm64  usr/bin/tool')
    expect(stdout).toContain('is x86-64, the image says linux/arm64')
    expect(stdout).toContain('layer 1 (COPY tool /usr/bin)')
  })

  it('ends with 2 for what cannot be asked', async () => {
    expect((await run()).exit).toBe(2)
    expect((await run('oci:x', '--platform', 'linux/x86')).exit).toBe(2)
    expect((await run('NOT A REFERENCE')).exit).toBe(2)
    expect((await run('oci:x', '--unknown')).exit).toBe(2)
    expect((await run('oci:x', 'oci:y', '--expect-tag-digest', 'oci:z')).exit).toBe(2)
  })

  it('ends with 3 for what cannot be reached, after everything else was verified', async () => {
    expect((await run(`oci:${folder}/nowhere`)).exit).toBe(3)
    const { exit, stdout, stderr } = await run(`oci:${folder}/nowhere`, `oci:${folder}/faulty:1`)
    expect(exit).toBe(3)
    expect(stdout).toContain('image/wrong-architecture')
    expect(stderr).toContain('nowhere')
  })

  it('reads archives', async () => {
    const archive = await putImage(await faulty(), `oci-archive:${folder}/image.tar`)
    expect((await run(archive)).exit).toBe(1)
    const single = await putImage(
      await singleImage({ ...amd64, platform: 'linux/arm64' }),
      `docker-archive:${folder}/docker.tar:shop:1`,
    )
    const { exit, stdout } = await run(single, '--platform', 'linux/arm64')
    expect(stdout).toContain('image/wrong-architecture')
    expect(exit).toBe(1)
  })

  it('prints JSON', async () => {
    const { exit, stdout } = await run(`oci:${folder}/faulty:1`, '--json')
    expect(exit).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      images: [
        { counts: { errors: 1 }, findings: [{ rule: 'image/wrong-architecture', platform: 'linux/arm64' }] },
      ],
    })
  })

  it('prints SARIF with the place in the image', async () => {
    const { stdout } = await run(`oci:${folder}/faulty:1`, '--sarif')
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [
        {
          tool: {
            driver: {
              rules: [
                { id: 'image/wrong-architecture', shortDescription: { text: expect.stringMatching(/./) } },
              ],
            },
          },
          results: [{ locations: [{ physicalLocation: { artifactLocation: { uri: 'usr/bin/tool' } } }] }],
        },
      ],
    })
  })

  it('prints annotations', async () => {
    const { stdout } = await run(`oci:${folder}/faulty:1`, '--github')
    expect(stdout).toMatch(
      /^::error title=image\/wrong-architecture::oci:.*, linux\/arm64: usr\/bin\/tool is x86-64/,
    )
  })

  it('accepts what is ignored, and counts it', async () => {
    const { exit, stdout } = await run(
      `oci:${folder}/faulty:1`,
      '--ignore',
      'image/wrong-architecture=usr/**',
      '--ignore',
      'image/x',
    )
    expect(exit).toBe(0)
    expect(stdout).toContain('1 ignored')
    expect(stdout).toContain('the ignored image/x was not found')
    await writeFile(
      join(folder, 'everyarch.config.json'),
      JSON.stringify({
        verify: { ignore: [{ rule: 'image/wrong-architecture', path: 'usr/bin/tool', reason: 'a test' }] },
      }),
    )
    expect((await run(`oci:${folder}/faulty:1`)).exit).toBe(0)
    await rm(join(folder, 'everyarch.config.json'))
  })

  it('trusts a base that was verified before', async () => {
    await putImage(await faulty(), `oci:${folder}/base:1`)
    expect((await run(`oci:${folder}/faulty:1`, '--base', `oci:${folder}/base:1`)).exit).toBe(0)
    expect((await run(`oci:${folder}/faulty:1`)).exit).toBe(1)
  })

  it('guards a deployment: platforms and digest', async () => {
    const place = `oci:${folder}/sound:1`
    const { root } = await sound()
    expect((await run(place, '--require-platforms', 'linux/amd64,linux/arm64')).exit).toBe(0)
    expect((await run(place, '--require-platforms', 'linux/arm/v7')).exit).toBe(1)
    expect((await run(place, '--expect-tag-digest', root.descriptor.digest)).exit).toBe(0)
    expect((await run(place, '--expect-tag-digest', `oci:${folder}/faulty:1`)).exit).toBe(1)
  })
})

describeWith(['registry'], 'everyarch verify, deploy manifests', () => {
  let registry: Registry
  beforeAll(async () => {
    registry = await startRegistry()
    await putImage(await sound(), `${registry.host}/acme/shop:sound`)
    await putImage(await faulty(), `${registry.host}/acme/shop:faulty`)
  })
  afterAll(() => registry.stop())

  it('verifies the images of a Kubernetes manifest, on the platforms that they are bound to', async () => {
    const pod = (tag: string, arch: string) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: tag },
        spec: {
          nodeSelector: { 'kubernetes.io/arch': arch },
          containers: [{ image: `${registry.host}/acme/shop:${tag}` }],
        },
      })
    await writeFile(
      join(folder, 'pods.yaml'),
      [pod('sound', 'arm64'), pod('faulty', 'amd64')].join('\n---\n'),
    )
    const both = await run('--kubernetes', 'pods.yaml')
    expect(both.exit).toBe(1)
    expect(both.stdout).toContain('image/wrong-architecture')
    await writeFile(join(folder, 'pod.yaml'), pod('sound', 's390x'))
    expect((await run('--kubernetes', 'pod.yaml')).stdout).toContain('image/platform-missing  linux/s390x')
  })

  it('verifies the images of a compose file', async () => {
    const text = `services:\n  shop: { image: "${registry.host}/acme/shop:\${TAG}" }\n  built: { build: . }\n`
    await writeFile(join(folder, 'compose.yaml'), text)
    expect((await run('--compose', 'compose.yaml')).exit).toBe(0)
    await writeFile(join(folder, 'unset.yaml'), text.replace('TAG', 'NOTHING'))
    expect((await run('--compose', 'unset.yaml')).exit).toBe(2)
    await writeFile(join(folder, '.env'), 'NOTHING=faulty\nTAG=gone\n')
    const { exit, stdout } = await run('--compose', 'compose.yaml', '--compose', 'unset.yaml')
    expect(exit).toBe(1)
    expect(stdout).toContain('run by compose.yaml: service shop')
    expect(stdout).toContain('run by unset.yaml: service shop')
    await rm(join(folder, '.env'))
  })

  it('names the image that cannot be read among several', async () => {
    const service = (tag: string) => `image: "${registry.host}/acme/shop:${tag}"`
    await writeFile(
      join(folder, 'two.yaml'),
      `services:\n  a: { ${service('gone')} }\n  b: { ${service('sound')} }\n`,
    )
    const { exit, stdout, stderr } = await run('--compose', 'two.yaml', '--json')
    expect(exit).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ images: [{ usedBy: ['two.yaml: service b'] }] })
    expect(stderr).toContain(`${registry.host}/acme/shop:gone (two.yaml: service a): `)
  })

  it('says that an image is not there', async () => {
    const { exit, stderr } = await run(`${registry.host}/acme/shop:gone`)
    expect(exit).toBe(3)
    expect(stderr).toContain('acme/shop:gone')
  })
})
