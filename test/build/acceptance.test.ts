/** The main job, judged by others: real tools accept the image from every place, and the service answers on both platforms. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BuildReport } from '../../src/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { run } from '../engines/run.ts'
import { copyImage, inspectRaw } from '../engines/skopeo.ts'
import { unpackImage } from '../engines/umoci.ts'
import { everyarch, reportOf } from './everyarch.ts'

const example = join(import.meta.dirname, '../../examples/thumbnailer')
const platforms = ['linux/amd64', 'linux/arm64']
const machines: Record<string, string> = { 'linux/amd64': 'x86-64', 'linux/arm64': 'ARM aarch64' }

describeWith(
  ['docker', 'registry', 'qemu', 'umoci', 'file'],
  'the example, built without a container engine',
  () => {
    let folder: string
    let registry: Registry
    let docker: Docker
    let report: BuildReport

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'everyarch-acceptance-'))
      await ensureQemu(['arm64'])
      registry = await startRegistry()
      docker = await startDocker()
      const places = ['oci:layout:1.0', 'oci-archive:image.tar', 'docker-daemon:thumbnailer:dev'].flatMap(
        (place) => ['--output', place],
      )
      const tags = ['1.0', 'latest'].flatMap((tag) => ['--tag', `${registry.host}/shop/thumbnailer:${tag}`])
      const args = [
        'build',
        example,
        ...places,
        ...tags,
        '--push',
        '--json',
        '--metadata-file',
        'metadata.json',
        '--iidfile',
        'iid',
      ]
      report = reportOf(
        await everyarch(args, {
          cwd: folder,
          env: { DOCKER_HOST: docker.host, DOCKER_CONFIG: docker.env.DOCKER_CONFIG },
        }),
      )
    })

    afterAll(async () => {
      await docker.stop()
      await registry.stop()
      await rm(folder, { recursive: true, force: true })
    })

    const places = (): Record<string, string> => ({
      layout: `oci:${folder}/layout:1.0`,
      archive: `oci-archive:${folder}/image.tar`,
      registry: `docker://${registry.host}/shop/thumbnailer:1.0`,
      'second tag': `docker://${registry.host}/shop/thumbnailer:latest`,
    })

    it.each(['layout', 'archive', 'registry', 'second tag'])(
      'skopeo reads the same index from the %s',
      async (place) => {
        const digest = await run('sh', [
          '-c',
          'skopeo inspect --raw --tls-verify=false "$1" | sha256sum',
          'sh',
          places()[place] as string,
        ])
        expect(`sha256:${digest.split(' ')[0]}`).toBe(report.digest)
      },
    )

    it.each(['layout', 'archive', 'registry'])(
      'skopeo copies all of it from the %s, checking every digest',
      async (place) => {
        const copy = `${registry.host}/copied/from-${place}:1`
        await copyImage(places()[place] as string, `docker://${copy}`)
        expect(JSON.parse(await inspectRaw(`docker://${copy}`)).manifests).toHaveLength(2)
      },
    )

    it.each(['oci:layout:1.0', 'oci-archive:image.tar', 'docker-daemon:thumbnailer:dev'])(
      'verify reads both platforms from %s',
      async (place) => {
        const env = { DOCKER_HOST: docker.host, DOCKER_CONFIG: docker.env.DOCKER_CONFIG }
        const outcome = await everyarch(['verify', place, '--json'], { cwd: folder, env })
        expect(outcome).toMatchObject({ exitCode: 0 })
        const { images } = reportOf<{ images: { platforms: { digest: string }[] }[] }>(outcome)
        const digests = (list: readonly { digest: string }[] = []) => list.map(({ digest }) => digest)
        expect(digests(images[0]?.platforms)).toEqual(digests(report.platforms))
      },
    )

    it.each(platforms)('umoci unpacks %s, with binaries of that platform only', async (platform) => {
      const root = await unpackImage(
        places().layout as string,
        platform,
        join(folder, `bundle-${platform.replace('/', '-')}`),
      )
      const find = `find ${root}/app ${root}/usr/local/bin -type f -exec file --brief {} + | grep ELF | sort | uniq --count`
      const kinds = (await run('sh', ['-c', find])).trim().split('\n')
      expect(kinds.length).toBeGreaterThan(0)
      expect(kinds.filter((kind) => !kind.includes(machines[platform] as string))).toEqual([])
      expect(await run('stat', ['--format=%u:%g %Y', join(root, 'app/dist/server.js')])).toBe('0:0 0\n')
    })

    it('shares what does not depend on the platform', () => {
      const [first, second] = report.platforms
      expect(first?.shared).toBeGreaterThan(0)
      const layers = (index: number) => report.platforms[index]?.layers.map(({ digest }) => digest) ?? []
      expect(layers(0).filter((digest) => layers(1).includes(digest)).length).toBe(2)
      expect(second?.shared).toBe(first?.shared)
    })

    it.each(platforms)('Docker runs it on %s, and it makes a real thumbnail', async (platform) => {
      const image = `${registry.host}/shop/thumbnailer:1.0`
      await docker.docker(['pull', '--quiet', '--platform', platform, image])
      await serves(image, platform)
    })

    it('Docker runs what was put straight into its store', async () => {
      await serves('thumbnailer:dev', 'linux/amd64')
    })

    async function serves(image: string, platform: string): Promise<void> {
      const container = (
        await docker.docker([
          'run',
          '--detach',
          '--platform',
          platform,
          '--publish',
          '127.0.0.1::3000',
          image,
        ])
      ).trim()
      try {
        const address = (await docker.docker(['port', container, '3000'])).trim()
        const health = () =>
          fetch(`http://${address}/healthz`).then((answer) => answer.json() as Promise<{ arch: string }>)
        await expect.poll(health, { timeout: 60_000, interval: 250 }).toMatchObject({
          status: 'ok',
          arch: platform === 'linux/arm64' ? 'arm64' : 'x64',
        })
        const thumbnail = Buffer.from(
          await (await fetch(`http://${address}/thumbnail?width=64`)).arrayBuffer(),
        )
        expect(thumbnail.subarray(0, 4).toString()).toBe('RIFF')
        expect(thumbnail.subarray(8, 12).toString()).toBe('WEBP')
        const user = ['node', '-p', 'os.userInfo().username']
        expect((await docker.docker(['exec', container, ...user])).trim()).toBe('node')
        // An orderly end within the engine's patience: the init passes SIGTERM on and the service listens.
        await docker.docker(['stop', '--time', '20', container])
        expect((await docker.docker(['inspect', '--format', '{{.State.ExitCode}}', container])).trim()).toBe(
          '0',
        )
      } finally {
        await docker.docker(['rm', '--force', container])
      }
    }
  },
)
