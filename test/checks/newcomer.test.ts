/**
 * The incident that everyarch exists for, end to end: `latest` pushed from an Arm machine, without platforms and before its test. The
 * repository goes through `check`, `check --fix`, what the hints say, and `build`, and ends with an image that is proved on both
 * platforms, and that the checklist before a deploy has nothing against.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyarch } from '../build/everyarch.ts'
import { pushNodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { run } from '../engines/run.ts'
import { inspectRaw } from '../engines/skopeo.ts'

interface CheckJson {
  findings: { rule: string; severity: string; fix?: { automatic: boolean } }[]
}

interface Checklist {
  checklist: { id: string; state: string; evidence: string[] }[]
}

describeWith(['registry', 'qemu', 'crun', 'base-image'], "a newcomer's mistake", () => {
  let project: string
  let registry: Registry
  let base: string
  const repository = () => `${registry.host}/acme/shop`
  const path = (name: string) => join(project, name)
  const edit = async (name: string, change: (text: string) => string) =>
    writeFile(path(name), change(await readFile(path(name), 'utf8')))
  const check = async (...flags: string[]) => {
    const { exitCode, stdout } = await everyarch(['check', '--json', ...flags], { cwd: project })
    return { exitCode, findings: (JSON.parse(stdout) as CheckJson).findings }
  }
  const checklist = async (image: string) => {
    const { exitCode, stdout } = await everyarch(['check', '--deploy', image, '--json'], { cwd: project })
    const lines = (JSON.parse(stdout) as Checklist).checklist
    return { exitCode, states: Object.fromEntries(lines.map(({ id, state }) => [id, state])) }
  }
  const build = (...flags: string[]) =>
    everyarch(['build', '--engine', 'direct', '--base', base, '--smoke-runner', 'crun', '--push', ...flags], {
      cwd: project,
    })

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'everyarch-newcomer-'))
    await ensureQemu(['arm64'])
    registry = await startRegistry()
    base = await pushNodeBaseImage(registry)
    await cp(join(import.meta.dirname, 'fixtures/newcomer'), project, { recursive: true })
    // The registry of this test stands for the one that all of them name.
    for (const name of ['.github/workflows/image.yml', 'deploy.yaml']) {
      await edit(name, (text) => text.replaceAll('registry.example.test/acme/shop', repository()))
    }
    await run('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: project })
    await edit('package-lock.json', withoutOtherMachines)
  })

  afterAll(async () => {
    await registry.stop()
    await rm(project, { recursive: true, force: true })
  })

  it('is what happened: latest is for one CPU, and the checklist says so', async () => {
    const incident = await build('--platform', 'linux/arm64', '--tag', `${repository()}:latest`, '--no-smoke')
    expect(incident).toMatchObject({ exitCode: 0 })
    const { exitCode, states } = await checklist(`${repository()}:latest`)
    expect(exitCode).toBe(1)
    expect(states).toMatchObject({ platforms: 'not done', workflow: 'not done', smoke: 'not done' })
  })

  it('is found before anything is built, file by file', async () => {
    const { exitCode, findings } = await check()
    expect(exitCode).toBe(1)
    const rules = findings.map(({ rule }) => rule)
    expect(rules).toEqual(
      expect.arrayContaining([
        'dockerfile/constant-platform',
        'dockerfile/platform-argument-default',
        'dockerfile/root-user',
        'dockerfile/shell-form-start',
        'lockfile/missing-platform-package',
        'workflow/platform-not-built',
        'workflow/tag-before-test',
        'deploy/mutable-tag',
      ]),
    )
  })

  it('cannot be built with the lockfile of one machine', async () => {
    const { exitCode, stderr } = await build('--tag', `${repository()}:1.0.0`)
    expect(exitCode).toBeGreaterThan(0)
    expect(stderr).toContain('@node-rs/argon2')
    await expect(inspectRaw(`docker://${repository()}:1.0.0`)).rejects.toThrow(/manifest unknown/u)
  })

  it('is mended by --fix where that is safe, and by hand where the hints say how', async () => {
    const before = await check()
    await check('--fix')
    const after = await check()
    const automatic = before.findings.filter(({ fix }) => fix?.automatic).map(({ rule }) => rule)
    expect(automatic.length).toBeGreaterThan(2)
    expect(after.findings.map(({ rule }) => rule).filter((rule) => automatic.includes(rule))).toEqual([])
    expect(await readFile(path('Dockerfile'), 'utf8')).toContain('# the office laptops are all Arm')

    await edit('Dockerfile', (text) => text.replace(/^CMD/mu, 'USER node\nCMD'))
    await run('npm', ['uninstall', '--package-lock-only', '@node-rs/argon2'], { cwd: project })
    await run('npm', ['install', '--package-lock-only', '@node-rs/argon2@2'], { cwd: project })
    const mended = await readFile(join(import.meta.dirname, 'fixtures/newcomer-workflow.yml'), 'utf8')
    await writeFile(
      path('.github/workflows/image.yml'),
      mended.replaceAll('registry.example.test/acme/shop', repository()),
    )
    await edit('deploy.yaml', (text) => text.replace(':latest', ':1.0.0'))
    const { exitCode, findings } = await check()
    expect([exitCode, findings.filter(({ severity }) => severity === 'error')]).toEqual([0, []])
  })

  it('ends with an image that is proved on both platforms, and only then has its tags', async () => {
    const tags = ['1.0.0', 'latest'].flatMap((tag) => ['--tag', `${repository()}:${tag}`])
    const built = await build(...tags, '--smoke-http', '3000/healthz')
    expect(built.stderr).toContain('GET')
    expect(built).toMatchObject({ exitCode: 0 })
    const index = JSON.parse(await inspectRaw(`docker://${repository()}:latest`)) as {
      manifests: { platform: { architecture: string } }[]
    }
    expect(index.manifests.map(({ platform }) => platform.architecture)).toEqual(['amd64', 'arm64'])
    expect(index).toMatchObject({ annotations: { 'dev.everyarch.tested': 'linux/amd64,linux/arm64' } })
    const { exitCode, states } = await checklist(`${repository()}:1.0.0`)
    expect([exitCode, new Set(Object.values(states))]).toEqual([0, new Set(['done'])])
  })
})

/** What npm 10 makes of a lockfile on an Arm laptop: the binaries of every other machine are gone. */
function withoutOtherMachines(text: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, unknown> }
  const foreign = Object.keys(lock.packages).filter((name) =>
    /argon2-(?!linux-arm64|darwin-arm64)/u.test(name),
  )
  for (const name of foreign) delete lock.packages[name]
  return `${JSON.stringify(lock, null, 2)}\n`
}
