import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { CommandContext } from '../context.ts'
import { runProgram } from '../program.ts'

const folders: string[] = []

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

async function projectWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-check-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

async function run(
  cwd: string,
  ...args: string[]
): Promise<{ exit: number; stdout: string; stderr: string }> {
  let stdout = ''
  let stderr = ''
  const output = (write: (text: string) => void) => ({
    write,
    columns: 100,
    interactive: false,
    colour: false,
  })
  const context: CommandContext = {
    env: {},
    cwd,
    signal: new AbortController().signal,
    stdout: output((text) => (stdout += text)),
    stderr: output((text) => (stderr += text)),
    elapsed: () => 0,
  }
  return { exit: await runProgram(args, context), stdout, stderr }
}

const pinned = 'FROM --platform=linux/amd64 node:22-slim\nUSER node\n'
const rooted = 'FROM node:22-slim\n'

/** Twelve lists, each of nine aliases of the one before: 9¹² items when they are written out. */
function aliases(): string {
  const lists = Array.from({ length: 12 }, (_, index) => {
    const items = Array.from({ length: 9 }, () => (index === 0 ? 'x' : `*a${index - 1}`))
    return `a${index}: &a${index} [${items.join(',')}]`
  })
  return `${lists.join('\n')}\non: push\njobs: *a11\n`
}

describe('everyarch check', () => {
  it('ends with 1 for errors, 0 for warnings, 1 for too many warnings', async () => {
    expect((await run(await projectWith({ Dockerfile: pinned }), 'check')).exit).toBe(1)
    const folder = await projectWith({ Dockerfile: rooted })
    expect((await run(folder, 'check')).exit).toBe(0)
    expect((await run(folder, 'check', '--max-warnings', '0')).exit).toBe(1)
    expect((await run(await projectWith({}), 'check')).stdout).toBe('no findings in 0 files\n')
  })

  it('writes fixes, and nothing on a second run', async () => {
    const folder = await projectWith({ 'a/Dockerfile': pinned })
    const first = await run(folder, 'check', '--fix')
    expect(first).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('fixed 1 finding in a/Dockerfile') as string,
    })
    expect(await readFile(join(folder, 'a/Dockerfile'), 'utf8')).toBe('FROM node:22-slim\nUSER node\n')
    expect((await run(folder, 'check', '--fix')).stdout).toBe('no findings in 1 file\n')
  })

  it('speaks of one file, with an eye on those around it', async () => {
    const files = {
      'a/Dockerfile': 'FROM node:22-slim\nCOPY . .\nUSER node\n',
      'a/package.json': '{}',
      'a/.dockerignore': 'node_modules\n',
      'b/Dockerfile': pinned,
    }
    const folder = await projectWith(files)
    expect((await run(folder, 'check', 'a/Dockerfile')).stdout).toContain('no findings')
    expect((await run(folder, 'check', 'b/Dockerfile')).stdout).toContain('b/Dockerfile:1:6  error')
    expect((await run(join(folder, 'a'), 'check', '../b/Dockerfile')).exit).toBe(2)
  })

  it('writes JSON, SARIF and annotations', async () => {
    const folder = await projectWith({ Dockerfile: pinned })
    const json: unknown = JSON.parse((await run(folder, 'check', '--json')).stdout)
    expect(json).toMatchObject({
      findings: [{ rule: 'dockerfile/constant-platform', source: { line: 1 } }],
      files: 1,
    })
    expect(JSON.parse((await run(folder, 'check', '--format', 'sarif')).stdout)).toMatchObject({
      version: '2.1.0',
    })
    expect((await run(folder, 'check', '--format', 'github')).stdout).toMatch(
      /^::error file=Dockerfile,line=1,col=6/,
    )
  })

  it('takes platforms and ignores from the configuration', async () => {
    const folder = await projectWith({
      Dockerfile: 'FROM node:22-slim AS s-amd64\nFROM s-$TARGETARCH\n',
      'everyarch.config.json': JSON.stringify({
        platforms: ['linux/amd64'],
        check: { ignore: [{ rule: 'dockerfile/root-user', path: 'Docker*', reason: 'old' }] },
      }),
    })
    expect((await run(folder, 'check')).stdout).toBe('no findings in 1 file, 1 ignored\n')
    expect((await run(folder, 'check', '--platform', 'arm64')).stdout).toContain(
      'dockerfile/missing-platform-stage',
    )
  })

  it('writes a baseline and counts only what is new', async () => {
    const folder = await projectWith({ Dockerfile: pinned })
    expect((await run(folder, 'check', '--write-baseline')).exit).toBe(0)
    expect((await run(folder, 'check')).stdout).toBe('no findings in 1 file, 1 ignored\n')
    await writeFile(join(folder, 'new.Dockerfile'), pinned)
    expect((await run(folder, 'check')).exit).toBe(1)
    expect((await run(folder, 'check', '--baseline', 'none.json')).exit).toBe(2)
  })

  it('goes round links, foreign folders and what cannot be read', async () => {
    const folder = await projectWith({
      'node_modules/x/Dockerfile': pinned,
      'sub/Dockerfile': rooted.concat('USER node\n'),
      'package.json': '{ broken',
    })
    await symlink(folder, join(folder, 'sub/loop'))
    await symlink('/nowhere', join(folder, 'Dockerfile'))
    await chmod(join(folder, 'package.json'), 0o644)
    const { stdout, exit } = await run(folder, 'check')
    expect(exit).toBe(1)
    expect(stdout).toContain('package.json:1:')
    expect(stdout).toContain('Dockerfile was skipped: it cannot be read (ENOENT)')
    expect(stdout).not.toContain('node_modules')
  })

  it('places annotations and SARIF in the folder that it was started in', async () => {
    const folder = await projectWith({ 'services/a/Dockerfile': pinned })
    const annotated = await run(folder, 'check', 'services/a', '--format', 'github')
    expect(annotated.stdout).toContain('::error file=services/a/Dockerfile,line=1')
    const sarif = await run(folder, 'check', 'services/a', '--format', 'sarif')
    expect(sarif.stdout).toContain('"uri": "services/a/Dockerfile"')
    expect((await run(folder, 'check', 'services/a')).stdout).toMatch(/^Dockerfile:1:6/u)
  })

  it.each<[name: string, path: string, text: string, said: RegExp]>([
    [
      'a broken workflow',
      '.github/workflows/a.yml',
      'on: push\njobs:\n  a:\n    x: 1\n   y: [\n',
      /a\.yml:5:1 .*not YAML/su,
    ],
    [
      'tabs for indentation',
      '.github/workflows/a.yml',
      '\ton: push\n',
      /a\.yml:1:1 .*Tabs are not allowed/su,
    ],
    ['an empty workflow', '.github/workflows/a.yml', '', /^no findings in 1 file/u],
    ['an alias of itself', '.github/workflows/a.yml', 'a: &a [*a]\n', /in 1 file/u],
    ['aliases that multiply', '.github/workflows/a.yml', aliases(), /in 1 file/u],
    ['a template', '.github/workflows/a.yml', 'jobs:\n{{ range .x }}\n', /a\.yml was skipped: a template/u],
    ['a binary file', '.github/workflows/a.yml', '\0\u0001', /a\.yml was skipped: not text/u],
    [
      'an unknown instruction',
      'Dockerfile',
      'FROM a\nCOPPY . .\n',
      /Dockerfile:2:1 .*expected: one of ADD/su,
    ],
    ['FROM without an image', 'Dockerfile', 'FROM\n', /Dockerfile:1:1 .*expected: FROM \[/su],
    ['an empty Dockerfile', 'Dockerfile', '', /no stage to build/u],
    ['escape sequences', 'Dockerfile', 'FROM a\n\u001b[31mCOPPY\n', /2 \| ·\[31mCOPPY/u],
    ['broken JSON', 'package.json', '{ "name": "x", }\n', /package\.json:1:16 .*a key in double quotes/su],
    [
      'a cut lockfile',
      'package-lock.json',
      '{"lockfileVersion": 3,\n',
      /package-lock\.json:2:1 .*truncated/su,
    ],
    [
      'a broken bake file',
      'docker-bake.hcl',
      'target "x" {\n  tags = [\n}\n',
      /hcl:3:1 .*a value is missing/su,
    ],
    [
      'a large file',
      'Dockerfile',
      `FROM a\n#${'x'.repeat(10 * 1024 * 1024)}`,
      /was skipped: larger than 10 MiB/u,
    ],
  ])('says what and where of %s', async (_, path, text, said) => {
    const { exit, stdout, stderr } = await run(await projectWith({ [path]: text }), 'check')
    expect(stdout).toMatch(said)
    expect(exit).toBeLessThan(2)
    expect(stdout + stderr).not.toMatch(/\n\s+at /u)
  })

  it('reads anchors and merges: what several jobs share is one finding with one fix', async () => {
    const workflow = [
      'on: push',
      'x-build: &build { uses: docker/build-push-action@v7 }',
      'jobs:',
      '  a: &job',
      '    runs-on: ubuntu-latest',
      '    timeout-minutes: 60',
      '    steps:',
      '      - <<: *build',
      '        with: { platforms: "linux/amd64", outputs: "type=image,name=x/y,push-by-digest=true" }',
      '  b: *job',
      '',
    ].join('\n')
    const folder = await projectWith({ '.github/workflows/a.yml': workflow })
    const { stdout } = await run(folder, 'check')
    expect(stdout.match(/workflow\/digest-not-pushed/gu)).toHaveLength(1)
    expect(stdout).toContain('a.yml:9:53  error')
    const fixed = await run(folder, 'check', '--fix')
    expect(fixed.stdout).toContain('fixed 1 finding')
    const text = await readFile(join(folder, '.github/workflows/a.yml'), 'utf8')
    expect(text).toBe(workflow.replace('by-digest=true', 'by-digest=true,push=true'))
  })

  it('goes together with the checklist only where both make sense', async () => {
    const folder = await projectWith({ Dockerfile: pinned })
    for (const flag of ['--fix', '--online', '--write-baseline', '--format=sarif', '--max-warnings=1']) {
      const { exit, stderr } = await run(folder, 'check', '--deploy', 'oci:nowhere', flag)
      expect([exit, stderr]).toEqual([2, expect.stringContaining('cannot be used together with --deploy')])
    }
    const { exit, stderr } = await run(folder, 'check', '--deploy', 'oci:nowhere')
    expect([exit, stderr]).toEqual([expect.any(Number), expect.stringContaining('nowhere')])
    expect(stderr).not.toMatch(/\n\s+at /u)
  })

  it('says what is wrong with its own arguments', async () => {
    const folder = await projectWith({})
    expect((await run(folder, 'check', 'nowhere')).stderr).toContain('does not exist')
    expect((await run(folder, 'check', '--format', 'xml')).exit).toBe(2)
    expect((await run(folder, 'check', '--platform', 'linux/x86')).exit).toBe(2)
  })
})

describe('everyarch explain', () => {
  it('prints a page, lists all, and suggests', async () => {
    expect((await run('/', 'explain', 'dockerfile/root-user')).stdout).toContain('## Why')
    expect((await run('/', 'explain')).stdout).toContain('workflow/shared-cache-scope')
    expect(await run('/', 'explain', 'root-user')).toMatchObject({ exit: 2 })
  })
})
