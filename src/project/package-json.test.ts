import { describe, expect, it } from 'vitest'
import { signal, temporaryProject } from './fixtures/temporary-project.ts'
import { parsePackageJson, readPackageJson } from './package-json.ts'

const parse = (value: unknown) => parsePackageJson(JSON.stringify(value, null, 2), 'package.json')

describe('readPackageJson', () => {
  it('reads a package with a byte order mark', async () => {
    const root = await temporaryProject({
      'packages/api/package.json': '\uFEFF{"name": "@acme/api", "bin": "cli.js"}',
    })
    const read = await readPackageJson(root, 'packages/api', { signal })
    expect(read).toMatchObject({
      file: 'packages/api/package.json',
      name: '@acme/api',
      bin: { api: 'cli.js' },
    })
  })

  it('tells a missing folder from a folder without package.json', async () => {
    const root = await temporaryProject({ 'empty/x': '' })
    await expect(readPackageJson(root, 'gone', { signal })).rejects.toMatchObject({
      code: 'PROJECT_NOT_FOUND',
    })
    await expect(readPackageJson(root, 'empty', { signal })).rejects.toMatchObject({
      code: 'PACKAGE_JSON_MISSING',
      kind: 'usage',
    })
  })

  it('refuses what is no file and what is not UTF-8', async () => {
    const root = await temporaryProject({ 'a/package.json/x': '' })
    await expect(readPackageJson(root, 'a', { signal })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    const { writeFile } = await import('node:fs/promises')
    await writeFile(`${root}/package.json`, Buffer.from([0x7b, 0xff, 0x7d]))
    await expect(readPackageJson(root, '', { signal })).rejects.toMatchObject({
      message: 'package.json is not UTF-8 text',
    })
  })

  it('stops when it is cancelled', async () => {
    await expect(readPackageJson('/', '', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
  })
})

describe('parsePackageJson', () => {
  it('names line and column of broken JSON', () => {
    expect(() => parsePackageJson('{\n  "name": "x",\n}', 'package.json')).toThrow(
      'package.json:2:14: JSON has no trailing commas',
    )
  })

  it.each([
    [[], 'package.json:1:1: a package.json must hold an object, not an array'],
    [{ name: 5 }, 'package.json:2:11: "name" must be a string, not 5'],
    [{ scripts: { start: ['node'] } }, 'package.json:3:14: "scripts.start" must be a string, not an array'],
    [{ files: ['a', 1] }, 'package.json:4:5: "files" must be an array of strings, not 1'],
    [{ files: 'dist' }, 'package.json:2:12: "files" must be an array of strings, not "dist"'],
    [
      { workspaces: { packages: 'x' } },
      'package.json:3:17: "workspaces.packages" must be an array of strings, not "x"',
    ],
    [{ type: 'esm' }, 'package.json:2:11: "type" must be "module" or "commonjs", not "esm"'],
    [
      { bin: 'x.js' },
      'package.json:2:10: "bin" as a string needs a package "name" to call the command by, not "x.js"',
    ],
    [{ engines: '>=20' }, 'package.json:2:14: "engines" must be an object of strings, not ">=20"'],
    [{ main: { a: 1 } }, 'package.json:2:11: "main" must be a string, not an object'],
  ])('refuses %j', (value, message) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'PACKAGE_JSON_INVALID', message }))
  })

  it('takes the legacy forms of descriptive fields', () => {
    expect(
      parse({
        license: { type: 'MIT', url: 'x' },
        author: { name: 'Ann', email: 'ann@example.com', url: 'x' },
        repository: { type: 'git', url: 'git+https://example.com/a.git' },
        workspaces: { packages: ['a/*'] },
      }),
    ).toMatchObject({
      license: 'MIT',
      author: 'Ann <ann@example.com>',
      repository: 'git+https://example.com/a.git',
      workspaces: ['a/*'],
    })
    expect(parse({ licenses: [{ type: 'MIT' }, { type: 'ISC' }] }).license).toBe('MIT OR ISC')
    expect(parse({ author: 'Ann <ann@example.com> (https://example.com)' }).author).toBe(
      'Ann <ann@example.com>',
    )
  })

  it('leaves absent fields absent', () => {
    expect(parse({ main: '', description: ' ', license: 7 })).toEqual({
      file: 'package.json',
      document: { main: '', description: ' ', license: 7 },
      type: 'commonjs',
      bin: {},
      scripts: {},
      workspaces: [],
      engines: {},
    })
  })
})
