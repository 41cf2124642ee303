/** Holds the table of small Dockerfiles (src/dockerfile/testdata/build-cases.ts) to a real BuildKit, for two platforms. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limiter } from '../../src/base/index.ts'
import { type BuildCase, buildCases } from '../../src/dockerfile/testdata/build-cases.ts'
import { type Docker, startDocker } from '../engines/docker.ts'

const run = promisify(execFile)
const platforms = ['amd64', 'arm64'] as const

/** BuildKit of the engine in Debian 13 knows the Dockerfile syntax up to 1.7. */
const engineSyntax = 7

type Outcome = Record<string, Record<string, string>> | { failure: string }

let engine: Docker
let folder: string
const outcomes = new Map<BuildCase, Promise<Outcome>>()

async function build(dockerfile: string, args: readonly string[]): Promise<void> {
  const context = await mkdtemp(join(folder, 'context-'))
  await writeFile(join(context, 'Dockerfile'), dockerfile)
  await writeFile(join(context, 'x'), 'x')
  const platform = platforms.map((architecture) => `linux/${architecture}`).join(',')
  await engine.docker(['buildx', 'build', '--platform', platform, '--provenance=false', ...args, context])
}

async function outcomeOf(sample: BuildCase, index: number): Promise<Outcome> {
  const archive = join(folder, `${index}.tar`)
  const given = Object.entries(sample.buildArgs ?? {}).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${value}`,
  ])
  const target = sample.target === undefined ? [] : ['--target', sample.target]
  try {
    await build(sample.dockerfile.replaceAll('scratch', 'blank'), [
      ...given,
      ...target,
      '--output',
      `type=oci,dest=${archive}`,
    ])
  } catch (error) {
    return { failure: String(error) }
  }
  return labelsIn(archive)
}

interface Descriptor {
  digest: string
  platform?: { architecture: string }
}

async function labelsIn(archive: string): Promise<Record<string, Record<string, string>>> {
  const layout = await mkdtemp(join(folder, 'layout-'))
  await run('tar', ['-xf', archive, '-C', layout])
  const read = async (digest: string): Promise<unknown> =>
    JSON.parse(await readFile(join(layout, 'blobs', digest.replace(':', '/')), 'utf8'))
  const top = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as { manifests: Descriptor[] }
  const index = (await read(top.manifests[0]?.digest ?? '')) as { manifests: Descriptor[] }
  const labels: Record<string, Record<string, string>> = {}
  for (const { digest, platform } of index.manifests) {
    const manifest = (await read(digest)) as { config: Descriptor }
    const config = (await read(manifest.config.digest)) as { config?: { Labels?: Record<string, string> } }
    labels[platform?.architecture ?? ''] = config.config?.Labels ?? {}
  }
  return labels
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everyarch-dockerfile-'))
  engine = await startDocker()
  // buildx 0.13 cannot hand over an image of several platforms that has no layer: this stands for scratch.
  await build('FROM scratch\nCOPY x /x\n', ['--tag', 'blank'])
  await build('FROM scratch\nARG TARGETARCH\nENV FLAVOR=$TARGETARCH\nCOPY x /x\n', ['--tag', 'base'])
  const limit = limiter(3)
  buildCases.forEach((sample, index) =>
    outcomes.set(
      sample,
      limit(() => outcomeOf(sample, index)),
    ),
  )
}, 600_000)

afterAll(async () => {
  await Promise.allSettled(outcomes.values())
  await engine.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('BuildKit agrees', () => {
  for (const sample of buildCases) {
    const isNewer = (sample.since ?? 0) > engineSyntax
    it.skipIf(isNewer)(`on: ${sample.name}`, async () => {
      const outcome = await outcomes.get(sample)
      const expected = { amd64: sample.amd64 ?? sample.labels, arm64: sample.arm64 ?? sample.labels }
      if (expected.amd64 !== undefined) expect(outcome).toEqual(expected)
      else {
        expect(outcome).toHaveProperty('failure')
        // It must be the Dockerfile that was refused, not a file that our scratch images lack.
        expect(outcome).not.toMatchObject({
          failure: expect.stringMatching(/calculate checksum|no such file/) as string,
        })
      }
    })
  }
})
