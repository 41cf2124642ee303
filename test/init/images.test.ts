/** What `init` writes, on a real engine: both platforms are built, proved and started, and nothing is emulated meanwhile. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { pushNodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { sampleApps, writeSampleApp } from './sample-apps.ts'

describeWith(['docker', 'qemu', 'registry', 'base-image'], 'a project that init wrote the files of', () => {
  let folder: string
  let registry: Registry
  let docker: Docker
  let base: string

  beforeAll(async () => {
    await ensureQemu(['arm64'])
    folder = await mkdtemp(join(tmpdir(), 'everyarch-init-images-'))
    registry = await startRegistry()
    base = await pushNodeBaseImage(registry)
    docker = await startDocker()
  })
  afterAll(async () => {
    await docker.stop()
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it.each(Object.entries(sampleApps))('%s', async (name, app) => {
    const project = await writeSampleApp(app)
    try {
      const settings = { cwd: project, env: { ...docker.env, EVERYARCH_CACHE_DIR: join(folder, 'cache') } }
      const written = await everyarch(['init', '--yes', '--ci', 'github'], settings)
      expect(written).toMatchObject({ exitCode: 0, stderr: '' })
      const checked = await everyarch(['check', '--max-warnings', '0'], settings)
      expect(checked.stdout).toMatch(/^no findings/)

      const image = `oci:${join(folder, 'image')}:${name.replaceAll(/[^a-z]+/gi, '-').toLowerCase()}`
      const port = name.startsWith('Next') ? 3000 : 8080
      const flags = ['--engine', 'buildkit', '--network', 'host', '--build-arg', `NODE_IMAGE=${base}`]
      const built = await everyarch(
        ['build', ...flags, '--output', image, '--smoke-http', `${port}/healthz`, '--json'],
        settings,
      )
      const report = reportOf(built)
      expect(report).toMatchObject({ engine: 'buildkit', proved: true })
      expect(report.steps?.filter((step) => step.emulated) ?? []).toEqual([])
      expect(report.findings.filter(({ severity }) => severity !== 'info')).toEqual([])
    } finally {
      await rm(project, { recursive: true, force: true })
    }
  })
})
