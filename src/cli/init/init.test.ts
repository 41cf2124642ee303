import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  imageIn,
  type PipelineChoices,
  pipelineShapes,
  type ProjectFacts,
  scaffoldFiles,
} from '../../scaffold/index.ts'
import type { CommandContext } from '../context.ts'
import { runProgram } from '../program.ts'
import { judgeWorkflow } from './testdata/github-workflow.ts'
import { sampleProjects } from './testdata/sample-projects.ts'

// Each test runs the program several times, each time with git asked for what it knows.
vi.setConfig({ testTimeout: 120_000 })

const folders: string[] = []

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-init-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

interface Outcome {
  exit: number
  stdout: string
  stderr: string
  questions: string[]
}

/** Runs a command; `answers` makes it a terminal at which somebody types them. */
async function run(cwd: string, args: readonly string[], answers?: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { exit: 0, stdout: '', stderr: '', questions: [] }
  const output = (write: (text: string) => void) => ({
    write,
    columns: 100,
    interactive: false,
    colour: false,
  })
  const left = [...(answers ?? [])]
  const cache = join(cwd, '../everyarch-init-cache')
  const context: CommandContext = {
    env: { HOME: cwd, PATH: process.env.PATH, npm_config_offline: 'true', EVERYARCH_CACHE_DIR: cache },
    cwd,
    signal: new AbortController().signal,
    stdout: output((text) => (outcome.stdout += text)),
    stderr: output((text) => (outcome.stderr += text)),
    ...(answers
      ? {
          ask: async (question: string) => {
            outcome.questions.push(question)
            return left.shift()
          },
        }
      : {}),
    elapsed: () => 0,
  }
  outcome.exit = await runProgram(args, context)
  return outcome
}

const plain = sampleProjects['plain JavaScript'] as Readonly<Record<string, string>>
const text = (folder: string, path: string) => readFile(join(folder, path), 'utf8')

describe('everyarch init', () => {
  for (const [name, files] of Object.entries(sampleProjects)) {
    it(`writes files that check finds nothing in: ${name}`, async () => {
      const folder = await projectWith(files)
      for (const ci of ['gitlab', 'shell']) await run(folder, ['init', '--yes', '--only', 'ci', '--ci', ci])
      for (const shape of pipelineShapes) {
        const written = await run(folder, ['init', '--yes', '--force', '--ci', 'github', '--shape', shape])
        expect(written).toMatchObject({ exit: 0, stderr: '' })
        const checked = await run(folder, ['check', '--max-warnings', '0'])
        expect(checked.stdout).toMatch(/^no findings in \d+ files?\n$/)
      }
    })
  }

  for (const [name, files] of Object.entries(sampleProjects)) {
    it(`writes workflows that GitHub takes, for every registry: ${name}`, async () => {
      const folder = await projectWith(files)
      const { stdout } = await run(folder, ['init', '--json', '--ci', 'github'])
      const { facts, pipeline } = JSON.parse(stdout) as { facts: ProjectFacts; pipeline: PipelineChoices }
      for (const shape of pipelineShapes) {
        for (const registry of ['ghcr', 'docker-hub', 'ecr', 'gar', 'acr', 'gitlab', 'other'] as const) {
          const choices = { ...pipeline, shape, image: imageIn(registry, 'acme', 'shop') }
          const written = scaffoldFiles(facts, choices, {
            workspace: undefined,
            base: undefined,
            cmd: undefined,
          })
          const content = written.find(({ part }) => part === 'ci')?.text ?? ''
          expect(await judgeWorkflow(content)).toEqual({ mistakes: [], jobs: shape === 'split' ? 3 : 2 })
          for (const [, ref = ''] of content.matchAll(/uses: \S+@(\S+)/g))
            expect(ref).toMatch(/^[0-9a-f]{40}$/)
        }
      }
    })
  }

  it('is judged by a parser that sees mistakes', async () => {
    const wrong =
      'on: push\njobs:\n  a:\n    runs-on: x\n    step: []\n    env:\n      A: ${{ githob.ref }}\n'
    const { mistakes } = await judgeWorkflow(wrong)
    expect(mistakes.join('\n')).toMatch(/step/)
    expect(mistakes.join('\n')).toMatch(/githob/)
  })

  it('says what it found, and why it chose what it chose', async () => {
    const folder = await projectWith(sampleProjects.TypeScript as Record<string, string>)
    const { stdout } = await run(folder, ['init', '--yes'])
    expect(stdout).toContain('shop\n')
    expect(stdout).toMatch(/node +\d+ +\(package\.json engines\.node says >=22\)/)
    expect(stdout).toContain('8080/healthz  (the sources)')
    expect(stdout).toContain('github, direct: nothing has to be compiled')
    expect(await text(folder, 'Dockerfile')).toContain('COPY --link public public/')
  })

  it('chooses machines of each CPU where something has to be compiled, and an emulator where there are none', async () => {
    const files = sampleProjects['pnpm, an addon known by name'] as Record<string, string>
    const folder = await projectWith(files)
    expect((await run(folder, ['init', '--dry-run'])).stdout).toContain(
      'github, split: dependencies are installed by pnpm',
    )
    const { stdout } = await run(folder, ['init', '--dry-run', '--platform', 'linux/amd64,linux/arm/v7'])
    expect(stdout).toContain('no machines for linux/arm/v7')
    expect(stdout).toContain('+RUN for-target better-sqlite3')
    expect((await readdir(folder)).sort()).toEqual(Object.keys(files).sort())
  })

  it('takes no base without an init for a service that does not end when asked', async () => {
    const folder = await projectWith({ ...plain, 'server.js': "import 'node:http'\n" })
    const { stdout } = await run(folder, ['init', '--dry-run'])
    expect(stdout).toContain('github, split: the sources do not handle SIGTERM')
  })

  it('replaces nothing that differs, unless it is told to', async () => {
    const folder = await projectWith({ ...plain, Dockerfile: 'FROM scratch\r\n' })
    const first = await run(folder, ['init', '--yes'])
    expect(first.stdout).toContain('kept as it is Dockerfile')
    expect(await text(folder, 'Dockerfile')).toBe('FROM scratch\r\n')
    expect((await run(folder, ['init', '--yes', '--force'])).stdout).toContain('replaced      Dockerfile')
    const again = await run(folder, ['init', '--yes'])
    expect(again.stdout).not.toMatch(/written|replaced|kept/)
    expect(again.stdout).toContain('unchanged     Dockerfile')
  })

  it('completes an ignore file, in its own line ends', async () => {
    const folder = await projectWith({ ...plain, '.dockerignore': 'coverage\r\nnode_modules\r\n!.env' })
    await run(folder, ['init', '--yes', '--force'])
    expect(await text(folder, '.dockerignore')).toBe(
      'coverage\r\nnode_modules\r\n!.env\r\n**/node_modules\r\n.git\r\n**/.env\r\n',
    )
  })

  it('asks at a terminal, takes Enter for the default, and asks again what it cannot use', async () => {
    const folder = await projectWith({ ...plain, Dockerfile: 'FROM scratch\n' })
    const answers = ['Not An Image', 'ghcr.io/acme/plain', '', 'gitl', '', 'diff', 'yes']
    const { questions, stderr, exit } = await run(folder, ['init'], answers)
    expect(exit).toBe(0)
    expect(questions.map((question) => question.split(' ')[0])).toEqual([
      'Image,',
      'Image,',
      'Platforms',
      'CI',
      'Shape',
      'Dockerfile',
      'Dockerfile',
    ])
    expect(stderr).toContain('-FROM scratch')
    expect(await text(folder, '.gitlab-ci.yml')).toContain('IMAGE: ghcr.io/acme/plain\n')
    expect(await text(folder, 'Dockerfile')).toContain('AS tini')
  })

  it('improves a Dockerfile that is there, and keeps the rest of it', async () => {
    const own = [
      '# ours',
      'FROM node:24-trixie-slim AS build',
      'WORKDIR /app',
      'COPY package*.json ./',
      'RUN npm ci',
      'COPY . .',
      'RUN npm run build',
      '',
      'FROM node:24-trixie-slim',
      'WORKDIR /app',
      'COPY --from=build /app/dist ./dist',
      'COPY package.json ./',
      'USER node',
      'CMD ["node", "dist/server.js"]',
      '',
    ].join('\n')
    const files = sampleProjects.TypeScript as Record<string, string>
    const folder = await projectWith({ ...files, Dockerfile: own })
    const { stdout, exit } = await run(folder, ['init', '--yes', '--from-dockerfile'])
    expect(exit).toBe(0)
    expect(stdout).toContain('the project keeps a Dockerfile of its own')
    expect(stdout).toContain('replaced      Dockerfile')
    const improved = await text(folder, 'Dockerfile')
    expect(improved).toMatch(/^# ours\nFROM --platform=\$BUILDPLATFORM node:24-trixie-slim AS build\n/)
    expect(improved.slice(improved.indexOf('\nFROM node'))).toBe(own.slice(own.indexOf('\nFROM node', 20)))
    expect((await run(await projectWith(files), ['init', '--yes', '--from-dockerfile'])).stderr).toContain(
      'there is no Dockerfile',
    )
  })

  it('says that a Prisma client is not generated, and is silent when the build writes it into the sources', async () => {
    const json = (build: string) =>
      JSON.stringify({
        name: 'a',
        scripts: { start: 'node a.js', build },
        dependencies: { '@prisma/client': '6.5.0' },
      })
    const lock = JSON.stringify({ lockfileVersion: 3, packages: { '': {} } })
    const schema = (output: string) => `generator client {\n  provider = "prisma-client-js"\n${output}}\n`
    const warned = async (build: string, output: string) => {
      const files = {
        'package.json': json(build),
        'package-lock.json': lock,
        'prisma/schema.prisma': schema(output),
      }
      const { stdout } = await run(await projectWith({ ...files, 'a.js': '' }), ['init', '--dry-run'])
      return /Prisma's client .*/.exec(stdout)?.[0]
    }
    expect(await warned('tsc', '')).toMatch(/an output among the sources.*, and let the build script run/)
    expect(await warned('prisma generate && tsc', '')).toMatch(/for each platform$/)
    expect(await warned('prisma generate && tsc', '  output = "../src/db"\n')).toBeUndefined()
  })

  it('says when the Dockerfile that is there runs another Node.js', async () => {
    const folder = await projectWith({
      ...plain,
      Dockerfile: 'FROM node:10-slim AS a\r\nFROM node:10-slim\r\n',
    })
    const says = /runs Node\.js 10, and what is written here Node\.js \d+: --base node:10-slim keeps it/
    expect((await run(folder, ['init', '--dry-run'])).stdout).toMatch(says)
    expect((await run(folder, ['init', '--dry-run', '--base', 'node:10-slim'])).stdout).not.toMatch(says)
  })

  it('takes the registry of GitLab where its pipeline is, also without a remote', async () => {
    const folder = await projectWith({ ...plain, '.gitlab-ci.yml': 'stages: [build]\n' })
    expect((await run(folder, ['init', '--dry-run'])).stdout).toMatch(/image +registry\.gitlab\.com\//)
  })

  it('remembers in the configuration which workspace it chose', async () => {
    const folder = await projectWith(sampleProjects['an npm workspace'] as Record<string, string>)
    await run(folder, ['init', '--yes', '--only', 'config'])
    expect(JSON.parse(await text(folder, 'everyarch.config.json'))).toMatchObject({ workspace: 'apps/api' })
  })

  it('writes a script that can be executed, and only what it is asked for', async () => {
    const folder = await projectWith(plain)
    await run(folder, ['init', '--yes', '--ci', 'shell', '--only', 'ci'])
    expect((await readdir(folder)).sort()).toEqual(['ci', 'package.json', 'server.js'])
    expect((await stat(join(folder, 'ci/image.sh'))).mode & 0o111).toBe(0o111)
  })

  it('prints all of it as JSON and writes nothing', async () => {
    const folder = await projectWith(plain)
    const report: unknown = JSON.parse((await run(folder, ['init', '--json'])).stdout)
    expect(report).toMatchObject({ facts: { name: 'plain' }, pipeline: { shape: 'direct' } })
    expect(await readdir(folder)).toHaveLength(2)
  })
})

describe('everyarch init, for what is no project', () => {
  const cases: Record<string, [files: Record<string, string>, args: string[], says: string]> = {
    'no package.json': [{}, [], 'has no package.json'],
    'broken JSON': [{ 'package.json': '{\r\n  "name": }' }, [], 'package.json:2:'],
    'no lockfile': [
      { 'package.json': '{"dependencies":{"a":"1"},"scripts":{"start":"node a.js"}}', 'a.js': '' },
      [],
      'no lockfile of npm',
    ],
    'an unknown manager': [{ ...plain, 'package.json': '{"packageManager":"vlt@1.0.0"}' }, [], 'vlt@1.0.0'],
    'nothing to start': [{ 'package.json': '{}' }, [], 'nothing says how the service starts'],
    'several services': [
      {
        'package.json': '{"workspaces":["a","b"]}',
        'a/package.json': '{"name":"a","scripts":{"start":"node x"}}',
        'b/package.json': '{"name":"b","scripts":{"start":"node x"}}',
      },
      [],
      'which workspace is the service',
    ],
    'a broken pnpm-workspace.yaml': [{ ...plain, 'pnpm-workspace.yaml': 'packages: {' }, [], 'is not YAML'],
    'a platform that is none': [plain, ['--platform', 'linux/x86'], 'linux/x86'],
    'an image with a tag': [plain, ['--image', 'ghcr.io/a/b:1'], 'without tag'],
    'an unknown part': [plain, ['--only', 'dockerfiles'], 'dockerfiles'],
    'an unknown shape': [plain, ['--shape', 'round'], 'round'],
  }
  for (const [name, [files, args, says]] of Object.entries(cases)) {
    it(`says so and writes nothing: ${name}`, async () => {
      const folder = await projectWith(files)
      const { exit, stderr } = await run(folder, ['init', '--yes', ...args])
      expect(exit).toBe(2)
      expect(stderr).toContain(says)
      expect(stderr).not.toMatch(/\n\s+at /)
      expect(await readdir(folder)).toHaveLength(
        new Set(Object.keys(files).map((path) => path.split('/')[0])).size,
      )
    })
  }

  it('a folder that cannot be written into: exit 3, and nothing half-written', async () => {
    const folder = await projectWith({ ...plain, '.github': 'a file where a folder has to be' })
    const { exit, stderr } = await run(folder, ['init', '--yes', '--only', 'ci', '--ci', 'github'])
    expect(exit).toBe(3)
    expect(stderr).toContain('.github/workflows/image.yml cannot be written')
  })

  it('a link that leads nowhere stands for no file', async () => {
    const folder = await projectWith(plain)
    await symlink('/nowhere', join(folder, 'Dockerfile'))
    expect((await run(folder, ['init', '--yes'])).exit).toBe(0)
  })
})
