/** What `init` writes for GitLab and for a shell, before judges of their own: GitLab's schema, and shellcheck. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyarch } from '../build/everyarch.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureNode } from '../engines/node.ts'
import { run } from '../engines/run.ts'

const gitlabCiLocal = fileURLToPath(import.meta.resolve('gitlab-ci-local'))
const shapes = ['direct', 'split', 'emulated']

const projects = {
  plain: { 'package.json': '{"name":"plain","scripts":{"start":"node server.js"}}', 'server.js': '' },
  secrets: {
    'package.json':
      '{"name":"paid","scripts":{"start":"node server.js"},"dependencies":{"@acme/core":"1.0.0"},"packageManager":"pnpm@10.20.0"}',
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    '.npmrc': '//npm.example.com/:_authToken=${NPM_TOKEN}\n',
    'server.js': "import { createServer } from 'node:http'\ncreateServer().listen(3000)\n",
  },
}

describeWith(['git', 'shellcheck'], 'what init writes', () => {
  let node: string
  const folders: string[] = []

  beforeAll(async () => {
    // The judge of GitLab's files needs a newer Node than we do.
    node = await ensureNode(24)
  })
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

  async function initialised(files: Readonly<Record<string, string>>, ...flags: string[]): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'everyarch-judged-'))
    folders.push(folder)
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text)
    await run('git', ['init', '--quiet', folder])
    await run('git', ['-C', folder, 'remote', 'add', 'origin', 'https://gitlab.example.com/acme/shop.git'])
    const args = ['init', '--yes', '--only', 'ci', ...flags]
    expect(await everyarch(args, { cwd: folder })).toMatchObject({ exitCode: 0 })
    return folder
  }

  /** What GitLab's schema says of the pipeline, and the names of its jobs. */
  function judged(cwd: string): Promise<{ accepted: boolean; said: string }> {
    return new Promise((resolve) => {
      execFile(node, [gitlabCiLocal, '--list', '--no-color'], { cwd }, (error, stdout, stderr) =>
        resolve({ accepted: error === null, said: stdout + stderr }),
      )
    })
  }

  for (const [name, files] of Object.entries(projects)) {
    it.each(shapes)(`passes GitLab's schema: ${name}, %s`, async (shape) => {
      const folder = await initialised(files, '--ci', 'gitlab', '--shape', shape)
      const { accepted, said } = await judged(folder)
      expect([accepted, said]).toEqual([true, expect.stringContaining('json schema validated')])
      for (const job of shape === 'split' ? ['build-amd64', 'build-arm64', 'publish'] : ['build-image'])
        expect(said).toMatch(new RegExp(`^${job} `, 'm'))
    })

    it.each(shapes)(`pleases shellcheck: ${name}, %s`, async (shape) => {
      const folder = await initialised(files, '--ci', 'shell', '--shape', shape)
      expect(await run('shellcheck', ['ci/image.sh'], { cwd: folder })).toBe('')
    })
  }

  it('is judged by a schema that sees mistakes', async () => {
    const folder = await initialised(projects.plain, '--ci', 'gitlab', '--shape', 'direct')
    const pipeline = join(folder, '.gitlab-ci.yml')
    const text = await readFile(pipeline, 'utf8')
    // A job of this name would be taken for the setting.
    await writeFile(pipeline, text.replace('\nbuild-image:', '\nimage:'))
    expect(await judged(folder)).toEqual({
      accepted: false,
      said: expect.stringContaining('Invalid .gitlab-ci.yml'),
    })
  })
})
