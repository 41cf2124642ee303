import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signal, temporaryProject, type TreeNode } from '../fixtures/temporary-project.ts'
import { readPackageJson } from '../package-json.ts'
import { checkConfiguration, readConfiguration } from './read-configuration.ts'

async function read(tree: Record<string, TreeNode>, file?: string) {
  const root = await temporaryProject({ 'package.json': '{}', ...tree })
  const packageJson = await readPackageJson(root, '', { signal })
  return readConfiguration(root, { packageJson, signal, ...(file ? { file } : {}) })
}

const check = (value: unknown) => checkConfiguration(JSON.stringify(value, null, 2), 'c.json', [])

describe('readConfiguration', () => {
  it('is empty where there is none', async () => {
    expect(await read({})).toEqual({ configuration: {} })
  })

  it('reads everyarch.config.json, the key of package.json, or the named file', async () => {
    const text = '{"build": "make"}'
    expect(await read({ 'everyarch.config.json': text })).toEqual({
      configuration: { build: 'make' },
      file: 'everyarch.config.json',
    })
    expect(await read({ 'package.json': `{"everyarch": ${text}}` })).toEqual({
      configuration: { build: 'make' },
      file: 'package.json',
    })
    expect(await read({ 'ci/x.json': text, 'everyarch.config.json': '{}' }, './ci/x.json')).toEqual({
      configuration: { build: 'make' },
      file: 'ci/x.json',
    })
  })

  it('refuses two configurations, and a named file that is missing', async () => {
    await expect(
      read({ 'package.json': '{"everyarch": {}}', 'everyarch.config.json': '{}' }),
    ).rejects.toMatchObject({ code: 'CONFIGURATION_AMBIGUOUS', kind: 'usage' })
    await expect(read({}, 'x.json')).rejects.toMatchObject({ code: 'CONFIGURATION_MISSING' })
  })

  it('names places in package.json when it stands there', async () => {
    await expect(
      read({ 'package.json': '{\n  "name": "x",\n  "everyarch": {\n    "plattform": []\n  }\n}' }),
    ).rejects.toThrow('package.json:4:5: plattform: unknown key, did you mean "platforms"?')
  })

  it('names line and column of broken JSON', async () => {
    await expect(read({ 'everyarch.config.json': '{\n  "a": 1,\n}' })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: 'everyarch.config.json:2:9: JSON has no trailing commas',
    })
  })
})

describe('checkConfiguration', () => {
  it('takes every key and brings values into their canonical form', async () => {
    const configuration = await check({
      $schema: './node_modules/everyarch/config.schema.json',
      platforms: ['arm64', 'linux/x86_64'],
      base: {
        assemble: 'debian',
        suite: 'bookworm',
        node: 22,
        packages: ['libpq5'],
        mirror: 'https://example.com/debian',
      },
      build: false,
      include: ['dist/**', '!dist/**/*.map'],
      workspace: 'api',
      image: {
        env: { A: '1' },
        labels: { a: 'b' },
        annotations: { a: 'b' },
        user: '1000:1000',
        workdir: '/srv',
        entrypoint: ['node', 'x.js'],
        cmd: [],
        ports: [8080, '53/udp'],
        stopSignal: 'SIGINT',
      },
      compression: 'zstd',
      compressionLevel: 3,
      tags: ['ghcr.io/acme/shop:1'],
      verify: { ignore: [{ rule: 'image/wrong-architecture', path: 'app/x/**', reason: 'never loaded' }] },
      registry: { insecure: ['registry.local:5000'] },
    })
    expect(configuration).toMatchObject({
      platforms: ['linux/arm64', 'linux/amd64'],
      base: { node: '22' },
      image: { ports: ['8080/tcp', '53/udp'] },
    })
    expect(configuration).not.toHaveProperty('$schema')
  })

  it.each([
    [{ build: 5 }, 'c.json:2:12: build: must be a string or false'],
    [{ base: { suite: 'bookworm' } }, 'c.json:2:11: base.assemble: is missing, must be "debian"'],
    [{ base: { assemble: 'debian', nod: '22' } }, 'c.json:4:5: base.nod: unknown key, did you mean "node"?'],
    [
      { base: 'Upper/Case' },
      'c.json:2:11: base: "Upper/Case" is not an image reference: a repository name is lower case',
    ],
    [
      { platforms: ['linux/x86'] },
      'c.json:3:5: platforms[0]: linux/x86 is not a platform, did you mean "linux/amd64"?',
    ],
    [{ platforms: 'linux/amd64' }, 'c.json:2:16: platforms: must be an array: write ["linux/amd64"]'],
    [{ image: { env: { PORT: 8080 } } }, 'c.json:4:15: image.env.PORT: must be a string: write "8080"'],
    [{ image: { env: { 'A=B': '' } } }, 'c.json:4:7: image.env.A=B: must be a variable name without "="'],
    [{ image: { ports: ['70000'] } }, 'c.json:4:7: image.ports[0]: must be a port from 1 to 65535'],
    [
      { image: { entrypoint: 'node x' } },
      'c.json:3:19: image.entrypoint: must be an array of words (exec form), such as ["node", "server.js"]',
    ],
    [{ image: { workdir: 'app' } }, 'c.json:3:16: image.workdir: must be an absolute path'],
    [{ include: ['../x'] }, 'c.json:3:5: include[0]: must be a relative path or glob without ".."'],
    [{ compression: 'gzi' }, 'c.json:2:18: compression: must be "gzip" or "zstd"; did you mean "gzip"?'],
    [{ compressionLevel: 99 }, 'c.json:2:23: compressionLevel: must be at most 19'],
    [{ verify: { ignore: [{ rule: 'a/b' }] } }, 'c.json:4:7: verify.ignore[0].reason: is missing'],
    [
      { image: { nothing: 1 } },
      'c.json:3:5: image.nothing: unknown key, known keys are env, labels, annotations, user, workdir, entrypoint, cmd, ports, stopSignal',
    ],
    ['text', 'c.json:1:1: must be an object'],
  ])('refuses %j', async (value, message) => {
    await expect(check(value)).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      kind: 'usage',
      message,
    })
  })

  it('lists all mistakes in the order of the file', async () => {
    const problem = await check({ buidl: 'x', compression: 'xz', tags: ['a b'] }).catch(
      (error: unknown) => error,
    )
    expect(problem).toMatchObject({
      message: 'c.json has 3 mistakes',
      hint: [
        'c.json:2:3: buidl: unknown key, did you mean "build"?',
        'c.json:3:18: compression: must be "gzip" or "zstd"',
        'c.json:5:5: tags[0]: "a b" is not an image reference: "a b" is not a repository name',
      ].join('\n'),
    })
  })

  it('refuses a key that stands twice', async () => {
    await expect(checkConfiguration('{"build": "a",\n "build": "b"}', 'c.json', [])).rejects.toThrow(
      'c.json:2:2: the key "build" stands twice',
    )
  })

  it('accepts or refuses anything, always at a place of the file', async () => {
    const keys = [
      'platforms',
      'base',
      'build',
      'include',
      'image',
      'verify',
      'registry',
      'assemble',
      'env',
      'ports',
      'ignore',
      'x',
      '__proto__',
    ]
    const leaf = fc.oneof(
      fc.constantFrom('debian', 'linux/amd64', '/app', '8080', false, null, 22),
      fc.jsonValue({ maxDepth: 1 }),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
      object: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    }))
    const configuration = fc.dictionary(fc.constantFrom(...keys), value, {
      minKeys: 1,
      noNullPrototype: true,
    })
    await fc.assert(
      fc.asyncProperty(configuration, async (candidate) => {
        const problem: unknown = await check(candidate).then(
          () => undefined,
          (error: unknown) => error,
        )
        if (problem === undefined) return
        expect(problem).toMatchObject({ code: 'CONFIGURATION_INVALID' })
        expect(`${(problem as Error).message}\n${(problem as { hint?: string }).hint}`).toMatch(
          /c\.json:\d+:\d+: /,
        )
      }),
      { numRuns: 500 },
    )
  })
})
