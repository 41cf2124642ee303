/** `files` of package.json: what we take, against what the real npm packs. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { collectOutputs, readPackageJson } from '../../src/project/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'

const signal = new AbortController().signal

const files = [
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'main.js',
  'cli.js',
  'index.js',
  'package-lock.json',
  '.gitignore',
  'notes.orig',
  '.DS_Store',
  'dist/a.js',
  'dist/a.test.js',
  'dist/.npmignore',
  'dist/deep/b.js',
  'dist/.hidden',
  'dist/.npmrc',
  'lib/c.js',
  'lib/c.d.ts',
  'src/x.ts',
  'node_modules/p/index.js',
  'public/logo.png',
  '.github/workflow.yml',
]
const contents: Record<string, string> = { 'dist/.npmignore': '*.test.js\n', '.gitignore': 'dist\n' }

describeWith(['npm'], 'files of package.json', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-files-'))
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), contents[file] ?? 'x')
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function packed(): Promise<string[]> {
    const report = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'], {
      cwd: folder,
    })
    const [{ files: list }] = JSON.parse(report) as [{ files: { path: string }[] }]
    return list.map(({ path }) => path).sort()
  }

  async function collected(): Promise<string[]> {
    const packageJson = await readPackageJson(folder, '', { signal })
    const { entries } = await collectOutputs(folder, { packageJson, built: true, signal })
    return entries
      .filter(({ type }) => type === 'file')
      .map(({ path }) => path)
      .sort()
  }

  it.each([
    { files: ['dist'] },
    { files: ['dist', '!dist/deep'] },
    { files: ['./dist/', 'lib/*.js'], main: 'main.js', bin: 'cli.js' },
    { files: ['**/*.js'], bin: { one: './cli.js' } },
    { files: ['lib/*', 'public'], main: './index' },
    { files: [] },
    { files: ['.github', 'package-lock.json', 'node_modules', '.npmrc'] },
    { files: ['*'] },
  ])('%j', async (fields) => {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', ...fields }))
    expect(await collected()).toEqual(await packed())
  })
})
