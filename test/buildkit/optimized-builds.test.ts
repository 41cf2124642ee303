/** `everyarch build --optimize` on a real engine: proved the first time and when anything but sources changes; a difference closes the gate. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyarch, type Outcome } from '../build/everyarch.ts'
import { type ProjectFolder, projectFolder } from '../build/project-folder.ts'
import { describeWith } from '../engines/describe-with.ts'
import type { Docker } from '../engines/docker.ts'
import { openDockerfileWorkshop } from '../engines/dockerfile-workshop.ts'
import type { Registry } from '../engines/registry.ts'
import { copyImage } from '../engines/skopeo.ts'
import type { BuildReport } from '../../src/index.ts'

describeWith(['docker', 'qemu', 'registry', 'base-image', 'skopeo'], 'build --optimize', () => {
  let folder: string
  let close: () => Promise<void>
  let registry: Registry
  let docker: Docker
  let project: ProjectFolder
  let base: string

  beforeAll(async () => {
    ;({ folder, registry, docker, base, close } = await openDockerfileWorkshop('optimized', {
      buildx: 'newest',
    }))
    project = await projectFolder({
      'package.json': JSON.stringify({
        name: 'shop',
        private: true,
        scripts: { build: 'mkdir -p dist && cp server.js dist/' },
      }),
      'package-lock.json': JSON.stringify({ name: 'shop', lockfileVersion: 3, packages: { '': {} } }),
      'server.js': 'console.log(1)\n',
      Dockerfile: [
        `FROM ${base} AS build`,
        'WORKDIR /app',
        'COPY package.json server.js ./',
        'RUN npm run build',
        `FROM ${base}`,
        'COPY --from=build /app/dist /app',
        'CMD ["node", "/app/server.js"]',
        '',
      ].join('\n'),
    })
  })
  afterAll(async () => {
    await project[Symbol.asyncDispose]()
    await close()
  })

  const build = (...flags: string[]): Promise<Outcome> =>
    everyarch(['build', project.path, '--optimize', '--no-smoke', '--json', ...flags], {
      cwd: folder,
      env: { ...docker.env, EVERYARCH_CACHE_DIR: join(folder, 'cache') },
    })
  const proofOf = ({ stdout }: Outcome) => (JSON.parse(stdout) as BuildReport).optimized

  it('proves the rewrite once, and anew when a secret, an argument or what a base tag means changes', async () => {
    expect(proofOf(await build())).toEqual({ changes: 1, proof: 'now' })
    await project.write({ 'server.js': 'console.log(2)\n' })
    expect(proofOf(await build())).toEqual({ changes: 1, proof: 'earlier' })
    await project.write({ token: 'x' })
    expect(proofOf(await build('--secret', `id=token,src=${project.path}/token`))?.proof).toBe('now')

    const other = [`FROM ${base}`, 'LABEL moved=yes', ''].join('\n')
    await project.write({ 'other.Dockerfile': other })
    const moved = `${registry.host}/moved:1`
    const file = join(project.path, 'other.Dockerfile')
    const both = 'linux/amd64,linux/arm64'
    await docker.docker([
      'buildx',
      'build',
      '-f',
      file,
      '--platform',
      both,
      '--push',
      '-t',
      moved,
      project.path,
    ])
    await copyImage(`docker://${moved}`, `docker://${base}`)
    expect(proofOf(await build())).toEqual({ changes: 1, proof: 'now' })
    expect(proofOf(await build())).toEqual({ changes: 1, proof: 'earlier' })
  })

  it('a build whose output depends on the CPU after all closes the gate', async () => {
    await project.write({
      'package.json': JSON.stringify({
        name: 'shop',
        private: true,
        scripts: { build: 'mkdir -p dist && node -p process.arch > dist/server.js' },
      }),
    })
    const outcome = await build('--tag', `${registry.host}/shop:1`, '--push')
    expect(outcome.exitCode).toBe(1)
    const { findings, proved } = JSON.parse(outcome.stdout) as BuildReport
    expect(proved).toBe(false)
    expect(findings).toMatchObject([
      { rule: 'optimize/image-differs', platform: 'linux/arm64', path: 'app/server.js' },
    ])
    expect((await fetch(`http://${registry.host}/v2/shop/tags/list`)).status).toBe(404)
  })
})
