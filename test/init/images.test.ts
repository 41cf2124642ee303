/** What `init` writes, on a real engine: both platforms are built, proved and started, and nothing is emulated meanwhile. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { describeWith } from '../engines/describe-with.ts'
import type { Docker } from '../engines/docker.ts'
import { openDockerfileWorkshop } from '../engines/dockerfile-workshop.ts'
import { sampleApps, writeSampleApp } from './sample-apps.ts'

describeWith(['docker', 'qemu', 'registry', 'base-image'], 'a project that init wrote the files of', () => {
  let folder: string
  let close: () => Promise<void>
  let docker: Docker
  let base: string

  beforeAll(async () => {
    ;({ folder, docker, base, close } = await openDockerfileWorkshop('init-images'))
  })
  afterAll(() => close())

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
