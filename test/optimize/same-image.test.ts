/** The image of an optimized Dockerfile is that of the original, file by file: on a real BuildKit, with real emulation. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { pushNodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { run } from '../engines/run.ts'
import { buildImage, compared, optimized } from './build-image.ts'
import { packAddon } from './compiled-addon.ts'

const example = resolve(import.meta.dirname, '../../examples/thumbnailer')
const fixtures = join(import.meta.dirname, 'fixtures')
const ignored = '**/node_modules\ndist\n*.Dockerfile\n'

// Emulated installs take minutes on a machine that does other things too.
vi.setConfig({ testTimeout: 1_800_000 })

describeWith(['docker', 'qemu', 'registry', 'base-image'], 'an optimized Dockerfile', () => {
  let folder: string
  let docker: Docker
  let registry: Registry
  let base: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-optimize-'))
    await ensureQemu(['arm64'])
    registry = await startRegistry()
    base = await pushNodeBaseImage(registry)
    docker = await startDocker()
  })

  afterAll(async () => {
    await docker.stop()
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** A project's folder with this fixture as its Dockerfile. */
  async function projectOf(name: string, files: Record<string, string> = {}): Promise<string> {
    const project = join(folder, name, 'project')
    await mkdir(project, { recursive: true })
    const dockerfile = (await readFile(join(fixtures, `${name}.Dockerfile`), 'utf8')).replaceAll(
      'node:22-slim',
      base,
    )
    for (const [path, text] of Object.entries({
      Dockerfile: dockerfile,
      '.dockerignore': ignored,
      ...files,
    })) {
      await mkdir(dirname(join(project, path)), { recursive: true })
      await writeFile(join(project, path), text)
    }
    return project
  }

  async function thumbnailer(name: string): Promise<string> {
    const project = await projectOf(name)
    for (const path of ['package.json', 'package-lock.json', 'tsconfig.json', 'src']) {
      await cp(join(example, path), join(project, path), { recursive: true })
    }
    return project
  }

  /** Builds both, and tells what differs. */
  async function differences(
    project: string,
    original: string,
    level: 'code' | 'packages',
  ): Promise<unknown> {
    const { text } = await optimized(project, level)
    const { same, platforms } = await compared(original, await buildImage(docker, project, level, text))
    return same
      ? 'nothing'
      : platforms.map(({ differences, config }) => ({ differences: differences.slice(0, 20), config }))
  }

  const original = async (project: string) =>
    buildImage(docker, project, 'original', await readFile(join(project, 'Dockerfile'), 'utf8'))

  it('of a team gives the same image, with its packages fetched natively too', async () => {
    const project = await thumbnailer('team')
    const { changes, kept } = await optimized(project)
    expect(changes.map(({ rule }) => rule)).toEqual(['cross-install', 'scoped-rebuild', 'native-stage'])
    expect(kept.map(({ why }) => why)).toEqual([expect.stringContaining('tini')])
    const built = await original(project)
    expect(await differences(project, built, 'code')).toBe('nothing')
    expect(await differences(project, built, 'packages')).toBe('nothing')
  })

  it('that selects stages by TARGETARCH gives the same image', async () => {
    const project = await thumbnailer('selecting')
    expect((await optimized(project)).changes.map(({ rule }) => rule)).toEqual([
      'native-stage',
      'cross-install',
    ])
    expect(await differences(project, await original(project), 'code')).toBe('nothing')
  })

  it('with pnpm gives the same image', async () => {
    const packageJson = {
      name: 'shop',
      private: true,
      packageManager: 'pnpm@10.34.9',
      scripts: { build: 'tsc --outDir dist src/server.ts' },
      dependencies: { sharp: '0.34.5' },
      devDependencies: { typescript: '5.9.3' },
    }
    const project = await projectOf('pnpm', {
      'package.json': JSON.stringify(packageJson),
      'src/server.ts': 'export const answer: number = 42\n',
    })
    const pnpm = ['exec', '--yes', '--package=pnpm@10.34.9', '--', 'pnpm', 'install', '--lockfile-only']
    await run('npm', pnpm, { cwd: project })
    expect((await optimized(project)).changes.map(({ rule }) => rule)).toEqual([
      'cross-install',
      'native-stage',
    ])
    expect(await differences(project, await original(project), 'code')).toBe('nothing')
  })

  it('that compiles an addon gives the same image, and compiles nothing else', async () => {
    const packageJson = {
      name: 'shop',
      private: true,
      dependencies: { adder: 'file:adder-1.0.0.tgz', 'is-odd': '3.0.1' },
    }
    const project = await projectOf('addon', { 'package.json': JSON.stringify(packageJson), 'server.js': '' })
    await packAddon(project)
    await run('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: project })
    const { text } = await optimized(project)
    expect(text).toContain('RUN npm rebuild adder\n')
    expect(await differences(project, await original(project), 'code')).toBe('nothing')
  })
})
