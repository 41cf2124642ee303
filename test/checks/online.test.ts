/** `everyarch check --online`, and what `check --deploy` asks of caches, against a real registry. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CommandContext } from '../../src/cli/context.ts'
import { runProgram } from '../../src/cli/program.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'

let registry: Registry
let folder: string

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

async function putBlob(text: string): Promise<{ digest: string; size: number }> {
  const start = await fetch(`http://${registry.host}/v2/acme/node/blobs/uploads/`, { method: 'POST' })
  const location = new URL(start.headers.get('location') ?? '', `http://${registry.host}`)
  location.searchParams.set('digest', digestOf(text))
  const put = await fetch(location, { method: 'PUT', body: text })
  expect(put.status).toBe(201)
  return { digest: digestOf(text), size: text.length }
}

async function putManifest(
  tag: string,
  mediaType: string,
  document: object,
): Promise<{ digest: string; size: number }> {
  const body = JSON.stringify({ schemaVersion: 2, mediaType, ...document })
  const url = `http://${registry.host}/v2/acme/node/manifests/${tag}`
  const put = await fetch(url, { method: 'PUT', body, headers: { 'content-type': mediaType } })
  expect(put.status).toBe(201)
  return { digest: digestOf(body), size: body.length }
}

async function putImage(architecture: string): Promise<{ digest: string; size: number }> {
  const config = JSON.stringify({
    architecture,
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [] },
    config: {},
  })
  const mediaType = 'application/vnd.oci.image.config.v1+json'
  return putManifest(architecture, 'application/vnd.oci.image.manifest.v1+json', {
    config: { mediaType, ...(await putBlob(config)) },
    layers: [],
  })
}

interface Outcome {
  exit: number
  stdout: string
  stderr: string
}

async function check(dockerfile: string): Promise<Outcome> {
  await writeFile(join(folder, 'Dockerfile'), dockerfile)
  return run('check', '--online')
}

async function run(...args: string[]): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  const output = (write: (text: string) => void) => ({
    write,
    columns: 100,
    interactive: false,
    colour: false,
  })
  const context: CommandContext = {
    env: { PATH: process.env.PATH },
    cwd: folder,
    signal: new AbortController().signal,
    stdout: output((text) => (stdout += text)),
    stderr: output((text) => (stderr += text)),
    elapsed: () => 0,
  }
  return { exit: await runProgram(args, context), stdout, stderr }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everyarch-online-'))
  registry = await startRegistry()
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifests = await Promise.all(
    ['amd64', 'arm64'].map(async (architecture) => ({
      mediaType,
      ...(await putImage(architecture)),
      platform: { os: 'linux', architecture },
    })),
  )
  await putManifest('both', 'application/vnd.oci.image.index.v1+json', { manifests })
})

afterAll(async () => {
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

it('takes an index and a single image', async () => {
  expect((await check(`FROM ${registry.host}/acme/node:both\nUSER 1000\n`)).exit).toBe(0)
  const single = await check(`FROM ${registry.host}/acme/node:amd64\nUSER 1000\n`)
  expect(single.exit).toBe(1)
  expect(single.stdout).toContain('dockerfile/base-lacks-platform')
  expect(single.stdout).toContain(`is offered for linux/amd64`)
})

it('says whom it could not ask, and goes on', async () => {
  const { exit, stderr } = await check(`FROM ${registry.host}/acme/node:none\nUSER 1000\n`)
  expect(exit).toBe(0)
  expect(stderr).toContain('acme/node:none')
})

/** A cache as BuildKit writes it: an index of layers, and last its records. */
async function putCache(tag: string): Promise<{ digest: string; size: number }> {
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip'
  const layer = { mediaType, ...(await putBlob(`a layer of ${tag}`)) }
  const records = { mediaType: 'application/vnd.buildkit.cacheconfig.v0', ...(await putBlob('{}')) }
  await putManifest(tag, 'application/vnd.oci.image.index.v1+json', { manifests: [layer, records] })
  return layer
}

it('looks for the cache of each platform before a deploy', async () => {
  const row = (cpu: string) => `{ cpu: ${cpu}, runner: ubuntu-24.04${cpu === 'arm64' ? '-arm' : ''} }`
  const workflow = `on: push
jobs:
  image:
    strategy: { matrix: { include: [${row('amd64')}, ${row('arm64')}] } }
    runs-on: \${{ matrix.runner }}
    timeout-minutes: 20
    env: { CPU: '\${{ matrix.cpu }}' }
    steps:
      - run: >-
          npx everyarch@1 build --engine buildkit --platform linux/$CPU --tag ${registry.host}/acme/node --push-by-digest
          --cache-to "type=registry,ref=${registry.host}/acme/node:cache-$CPU,mode=max"
`
  await mkdir(join(folder, '.github/workflows'), { recursive: true })
  await writeFile(join(folder, '.github/workflows/image.yml'), workflow)
  const cache = async () => {
    const { stdout, stderr } = await run('check', '--deploy', `${registry.host}/acme/node:both`, '--json')
    expect(stderr).toBe('')
    const { checklist } = JSON.parse(stdout) as {
      checklist: { id: string; state: string; evidence: string[] }[]
    }
    const line = checklist.find(({ id }) => id === 'cache')
    return `${line?.state}: ${line?.evidence.join('; ')}`
  }
  await putCache('cache-amd64')
  expect(await cache()).toMatch(/^not done: .*cache-arm64 is not there: the next build starts cold/)
  const layer = await putCache('cache-arm64')
  expect(await cache()).toMatch(
    /^done: .*cache-amd64 is there with all of its 2 layers.*cache-arm64 is there/,
  )
  await fetch(`http://${registry.host}/v2/acme/node/blobs/${layer.digest}`, { method: 'DELETE' })
  expect(await cache()).toMatch(/^not done: .*cache-arm64 lacks 1 of its 2 layers/)
})
