/**
 * What `init` writes beside Dockerfile and pipeline, run by those that it is for: docker-bake.hcl by buildx and by everyarch,
 * compose.test.yaml by docker compose and as a smoke test of the baked image.
 */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { describeWith } from '../engines/describe-with.ts'
import type { Docker } from '../engines/docker.ts'
import { openDockerfileWorkshop } from '../engines/dockerfile-workshop.ts'
import type { Registry } from '../engines/registry.ts'
import { sampleApps, writeSampleApp } from './sample-apps.ts'

const plain = sampleApps['plain JavaScript'] as (typeof sampleApps)[string]
const packageJson = JSON.parse(plain.files['package.json'] as string) as object

/** A service with a health path, one that only listens, and one that does neither; the second with a secret for its install. */
const services = {
  'a health path': plain.files,
  'a port and a token in .npmrc': {
    ...plain.files,
    'server.js':
      "import { createServer } from 'node:net'\ncreateServer((socket) => socket.end()).listen(6000)\n",
    '.npmrc': '//npm.example.com/:_authToken=${NPM_TOKEN}\n',
  },
  'a worker': {
    'package.json': JSON.stringify({ ...packageJson, dependencies: {} }),
    'server.js': "setInterval(() => {}, 1000)\nprocess.on('SIGTERM', () => process.exit(0))\n",
  },
}

// The test's engine has no iptables, which name resolution between containers needs: addresses instead.
const subnet = `172.30.${process.pid % 250}`

describeWith(
  ['docker', 'qemu', 'registry', 'base-image'],
  'the bake file and the compose file of init',
  () => {
    let folder: string
    let close: () => Promise<void>
    let registry: Registry
    let docker: Docker
    let base: string

    beforeAll(async () => {
      // Debian 13's bake cannot give containers the host's network.
      ;({ folder, registry, docker, base, close } = await openDockerfileWorkshop('init-others', {
        buildx: 'newest',
      }))
    })
    afterAll(() => close())

    it.each(Object.entries(services))('%s', async (name, files) => {
      const project = await writeSampleApp({ ...plain, files })
      const env = { ...docker.env, EVERYARCH_CACHE_DIR: join(folder, 'cache'), NPM_TOKEN: 'secret' }
      const settings = { cwd: project, env }
      const inProject = (args: string[]) => docker.docker(args, { cwd: project, env })
      try {
        const image = `${registry.host}/acme/${name.replaceAll(/[^a-z]+/gi, '-')}`
        const flags = [
          '--yes',
          '--image',
          image,
          '--base',
          base,
          '--only',
          'dockerfile,dockerignore,bake,compose',
        ]
        expect(await everyarch(['init', ...flags], settings)).toMatchObject({ exitCode: 0, stderr: '' })

        await writeFile(join(project, 'network.json'), '{"target":{"_common":{"network":"host"}}}')
        const bake = ['buildx', 'bake', '--file', 'docker-bake.hcl', '--file', 'network.json']
        const printed = JSON.parse(await inProject([...bake, '--print', 'image', 'image-arm64'])) as {
          target: Record<string, { platforms: string[]; tags?: string[] }>
        }
        expect(printed.target.image).toMatchObject({
          platforms: ['linux/amd64', 'linux/arm64'],
          tags: [`${image}:dev`],
        })
        expect(printed.target['image-arm64']?.platforms).toEqual(['linux/arm64'])
        // One platform, as its own machine builds it, and then both: each leaves its own cache in the registry.
        await inProject([...bake, '--allow', 'network.host', 'image-arm64'])
        const layout = `oci:${join(folder, 'image')}`
        const built = await everyarch(
          ['build', '--bake', 'docker-bake.hcl', 'image', '--network', 'host', '--output', layout, '--json'],
          settings,
        )
        expect(reportOf(built)).toMatchObject({ engine: 'buildkit', proved: true })
        expect(await tagsOf(image)).toEqual(['buildcache', 'buildcache-arm64'])

        await writeFile(join(project, 'addresses.yaml'), stringify(addresses()))
        const compose = ['compose', '--file', 'compose.test.yaml', '--file', 'addresses.yaml']
        try {
          await inProject([...compose, 'up', '--build', '--exit-code-from', 'test'])
        } finally {
          await inProject([...compose, 'down', '--volumes', '--rmi', 'all'])
        }
        await writeFile(join(project, 'merged.yaml'), await inProject([...compose, 'config']))
        const probe = ['--compose', 'merged.yaml:test', '--parallel', '1', '--json']
        const tested = await everyarch(['smoke', layout, ...probe], settings)
        expect(reportOf<{ passed: boolean }>(tested)).toMatchObject({ passed: true })
      } finally {
        await rm(project, { recursive: true, force: true })
      }
    })

    const tagsOf = async (image: string): Promise<string[]> => {
      const path = image.slice(image.indexOf('/') + 1)
      const answer = await fetch(`http://${registry.host}/v2/${path}/tags/list`)
      return ((await answer.json()) as { tags: string[] }).tags.sort()
    }
  },
)

/** The service is called `plain`, after its package. */
function addresses() {
  return {
    services: {
      plain: { build: { network: 'host' }, networks: { default: { ipv4_address: `${subnet}.10` } } },
      test: { extra_hosts: [`plain:${subnet}.10`] },
    },
    networks: { default: { ipam: { config: [{ subnet: `${subnet}.0/24` }] } } },
  }
}
