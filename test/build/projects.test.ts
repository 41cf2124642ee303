/** Kinds of project: what goes into the image, and that it starts. Unpacked by umoci and started in the unpacked root. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { unpackImage } from '../engines/umoci.ts'
import { everyarch, reportOf } from './everyarch.ts'
import { plainService, type ProjectFolder, projectFolder } from './project-folder.ts'

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

describeWith(['umoci', 'npm', 'chroot'], 'kinds of project', () => {
  let bundles: string
  beforeAll(async () => {
    bundles = await mkdtemp(join(tmpdir(), 'everyarch-projects-'))
  })
  afterAll(() => rm(bundles, { recursive: true, force: true }))

  /** Builds for this machine's platform and unpacks; returns the root file system. */
  async function built(
    project: ProjectFolder,
    name: string,
    args: readonly string[] = [],
  ): Promise<{ root: string; said: string }> {
    const common = ['--platform', 'linux/amd64', '--base', 'assemble:bookworm', '-o', 'oci:.out:it']
    const { exitCode, stderr } = await everyarch(['build', '.', ...common, ...args], { cwd: project.path })
    expect(stderr).not.toContain('error:')
    expect(exitCode).toBe(0)
    return {
      root: await unpackImage(`oci:${project.path}/.out:it`, 'linux/amd64', join(bundles, name)),
      said: stderr,
    }
  }

  /** Runs an expression with the image's Node, in the image's root, where `require` resolves from `folder`. */
  const inside = async (root: string, folder: string, expression: string) => {
    const code = `const require = process.getBuiltinModule('module').createRequire('${folder}/x.js'); console.log(${expression})`
    const { stdout } = await promisify(execFile)('chroot', [root, '/usr/local/bin/node', '-e', `{${code}}`])
    return stdout.trim()
  }

  it('plain JavaScript without dependencies: the folder as it is, without what .dockerignore names and without secrets', async () => {
    await using project = await projectFolder({
      ...plainService,
      '.dockerignore': 'test\n*.md\n.out\n',
      'test/a.test.js': '',
      'README.md': '',
      '.env': 'PASSWORD=secret',
      'lib/answer.js': 'module.exports = 42',
    })
    const { root, said } = await built(project, 'plain')
    expect(readdirSync(join(root, 'app')).sort()).toEqual([
      '.dockerignore',
      'lib',
      'package.json',
      'server.js',
    ])
    expect(said).toMatch(/project\/secret-left-out\s+\.env was left out/)
    expect(await inside(root, '/app', "require('./lib/answer.js')")).toBe('42')
  })

  it('what a build writes into the project is no part of the next one', async () => {
    await using project = await projectFolder(plainService)
    const places = ['-o', 'oci:out/image', '--cache-dir', 'cache', '--iidfile', 'digest', '--json']
    const build = async () => {
      const common = ['build', '.', '--platform', 'linux/amd64', '--base', 'assemble:bookworm']
      return reportOf(await everyarch([...common, ...places], { cwd: project.path })).digest
    }
    const first = await build()
    expect(await readFile(join(project.path, 'digest'), 'utf8')).toBe(first)
    expect(await build()).toBe(first)
  })

  it('a workspace: its own build, the packages it links to built first, and only what it needs', async () => {
    const build = (text: string) =>
      `node -e "require('fs').mkdirSync('dist',{recursive:true});require('fs').writeFileSync('dist/index.js', ${text})"`
    await using project = await projectFolder({
      '.dockerignore': '.out\n',
      'package.json': json({ name: 'shop', private: true, workspaces: ['packages/*'] }),
      'packages/api/package.json': json({
        name: '@shop/api',
        version: '1.0.0',
        main: 'dist/index.js',
        scripts: { build: build("'module.exports = require(\\'@shop/core\\') + 1'") },
        dependencies: { '@shop/core': '1.0.0', ms: '2.1.3' },
      }),
      'packages/core/package.json': json({
        name: '@shop/core',
        version: '1.0.0',
        main: 'dist/index.js',
        scripts: { build: build("'module.exports = 41'") },
      }),
      'packages/web/package.json': json({
        name: '@shop/web',
        version: '1.0.0',
        dependencies: { 'left-pad': '1.3.0' },
      }),
    })
    await run('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: project.path })
    const { root } = await built(project, 'workspace', ['--workspace', '@shop/api'])
    expect(await inside(root, '/app/packages/api', "require('.')")).toBe('42')
    expect(existsSync(join(root, 'app/node_modules/ms/package.json'))).toBe(true)
    expect(existsSync(join(root, 'app/node_modules/left-pad'))).toBe(false)
    expect(existsSync(join(root, 'app/packages/web'))).toBe(false)
  })

  it('scripts that change dependencies: what they changed and generated is in the image', async () => {
    await using project = await projectFolder({
      '.dockerignore': '.out\n',
      'package.json': json({
        name: 'patched',
        version: '1.0.0',
        main: 'index.js',
        scripts: { postinstall: 'node patch.js', prepare: 'husky' },
        dependencies: { ms: '2.1.3' },
      }),
      'index.js': "module.exports = require('ms')('2 days')",
      'patch.js': `
        const fs = require('node:fs')
        fs.writeFileSync('node_modules/ms/index.js', "module.exports = () => 'patched'")
        fs.rmSync('node_modules/ms/readme.md')
        fs.mkdirSync('node_modules/.generated', { recursive: true })
        fs.writeFileSync('node_modules/.generated/client.js', 'module.exports = 7')`,
    })
    await run('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: project.path })
    const { root } = await built(project, 'patched')
    expect(await inside(root, '/app', "require('./index.js')")).toBe('patched')
    expect(await inside(root, '/app', "require('./node_modules/.generated/client.js')")).toBe('7')
    expect(existsSync(join(root, 'app/node_modules/ms/readme.md'))).toBe(false)
    expect(existsSync(join(root, 'app/node_modules/ms/license.md'))).toBe(true)
    // What the scripts did is undone for the next build, once it is known: then nothing is installed again.
    const unseen = randomUUID()
    const rebuilt = async (word: string) => {
      await project.write({
        'index.js': `module.exports = require('ms')('1 day') + ', ${word}' // ${unseen}`,
      })
      return built(project, `${unseen} ${word}`)
    }
    await rebuilt('once')
    await rebuilt('twice')
    const third = await rebuilt('thrice')
    expect(third.said).toContain('postinstall: node patch.js')
    expect(third.said).not.toContain('packages for the build')
    expect(await inside(third.root, '/app', "require('./index.js')")).toBe('patched, thrice')
    expect(existsSync(join(third.root, 'app/node_modules/ms/readme.md'))).toBe(false)
  })

  it('a build that leaves machine code for one platform in its output is refused for the other', async () => {
    await using project = await projectFolder({
      '.dockerignore': '.out\n',
      'package.json': json({
        name: 'native',
        version: '1.0.0',
        main: 'dist/index.js',
        scripts: { build: 'mkdir dist && cp "$NODE" dist/tool && echo > dist/index.js' },
      }),
    })
    const args = ['build', '.', '--base', 'assemble:bookworm', '-o', 'oci:.out:it']
    const { exitCode, stderr } = await everyarch([...args, '--platform', 'linux/amd64,linux/arm64'], {
      cwd: project.path,
    })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/image\/wrong-architecture {2}linux\/arm64 {2}app\/dist\/tool/)
    expect(stderr).toContain('gate closed')
    expect(existsSync(join(project.path, '.out'))).toBe(false)
  })

  it('a build that fails says why and publishes nothing', async () => {
    await using project = await projectFolder({
      'package.json': json({
        name: 'broken',
        version: '1.0.0',
        main: 'index.js',
        scripts: { build: 'echo it is broken; exit 4' },
      }),
    })
    const { exitCode, stderr } = await everyarch(['build', '--base', 'assemble:bookworm', '-o', 'oci:.out'], {
      cwd: project.path,
    })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('| it is broken')
    expect(stderr).toContain('exit code 4')
    expect(existsSync(join(project.path, '.out'))).toBe(false)
  })

  it('the configuration decides what the container is started with', async () => {
    await using project = await projectFolder({
      ...plainService,
      '.dockerignore': '.out\n',
      'everyarch.config.json': json({
        platforms: ['linux/amd64'],
        base: { assemble: 'debian', suite: 'bookworm', node: '22' },
        image: {
          env: { LOG_LEVEL: 'info' },
          ports: [3000],
          labels: { team: 'shop' },
          user: '1000:1000',
          stopSignal: 'SIGINT',
        },
      }),
    })
    const outcome = await everyarch(['build', '-o', 'oci:.out:it', '--env', 'EXTRA=1'], { cwd: project.path })
    expect(outcome.exitCode).toBe(0)
    const config = JSON.parse(
      await run('skopeo', ['inspect', '--config', `oci:${project.path}/.out:it`]),
    ).config
    expect(config).toMatchObject({
      User: '1000:1000',
      ExposedPorts: { '3000/tcp': {} },
      Entrypoint: ['/usr/bin/tini', '--'],
      Cmd: ['node', 'server.js'],
      WorkingDir: '/app',
      Labels: { team: 'shop', 'org.opencontainers.image.version': '1.0.0' },
      StopSignal: 'SIGINT',
    })
    expect(config.Env).toEqual(expect.arrayContaining(['NODE_ENV=production', 'LOG_LEVEL=info', 'EXTRA=1']))
    expect(await readFile(join(project.path, '.out/oci-layout'), 'utf8')).toContain('1.0.0')
  })
})
