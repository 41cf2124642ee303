import { describe, expect, it } from 'vitest'
import { parseIgnoreRules } from '../context/ignore-rules.ts'
import { signal, temporaryProject, type TreeNode } from '../fixtures/temporary-project.ts'
import { readPackageJson } from '../package-json.ts'
import { collectOutputs, planOutputs, rulesBelow, type SelectOutputsOptions } from './output-selection.ts'

type Tree = Record<string, TreeNode>
type More = Partial<SelectOutputsOptions>

async function optionsFor(tree: Tree, packageJson: object, more: More) {
  const folder = await temporaryProject({ ...tree, 'package.json': JSON.stringify(packageJson) })
  return {
    folder,
    options: { packageJson: await readPackageJson(folder, '', { signal }), built: true, signal, ...more },
  }
}

async function collect(tree: Tree, packageJson: object = {}, more: More = {}) {
  const { folder, options } = await optionsFor(tree, packageJson, more)
  const selected = await collectOutputs(folder, options)
  const files = selected.entries.filter(({ type }) => type !== 'directory').map(({ path }) => path)
  return { ...selected, files }
}

async function plan(tree: Tree, packageJson: object = {}, more: More = {}) {
  const { folder, options } = await optionsFor(tree, packageJson, more)
  return planOutputs(folder, options)
}

const typescript = { 'tsconfig.json': '{ "compilerOptions": { "outDir": "lib" } }', 'src/a.ts': '' }

describe('collectOutputs: include', () => {
  it('takes what the globs say, always with package.json, never node_modules', async () => {
    const { files, by, reason } = await collect(
      {
        'dist/a.js': '',
        'dist/a.js.map': '',
        'dist/deep/b.js': '',
        'views/x.html': '',
        'src/a.ts': '',
        'node_modules/x/dist/y.js': '',
      },
      {},
      { include: ['./dist/', '!**/*.map', '**/*.html', 'node_modules/x'] },
    )
    expect(files).toEqual(['dist/a.js', 'dist/deep/b.js', 'package.json', 'views/x.html'])
    expect([by, reason]).toEqual([
      'include',
      '"include" of the configuration: ./dist/, !**/*.map, **/*.html, node_modules/x',
    ])
  })

  it('lets the last glob that matches decide', async () => {
    const tree = { 'a/x.js': '', 'a/y.js': '' }
    expect((await collect(tree, {}, { include: ['a', '!a/x.js'] })).files).toEqual(['a/y.js', 'package.json'])
    expect((await collect(tree, {}, { include: ['!a/x.js', 'a'] })).files).toEqual([
      'a/x.js',
      'a/y.js',
      'package.json',
    ])
  })

  it('warns of a glob that matches nothing, and refuses when nothing matches', async () => {
    const { findings } = await collect({ 'a.js': '' }, {}, { include: ['a.js', 'dist/**'] })
    expect(findings).toMatchObject([
      { rule: 'project/include-matches-nothing', details: { glob: 'dist/**' } },
    ])
    await expect(collect({ 'a.js': '' }, {}, { include: ['dist'] })).rejects.toMatchObject({
      code: 'OUTPUT_MISSING',
    })
  })
})

describe('collectOutputs: files of package.json', () => {
  it('takes what npm would pack, but no node_modules', async () => {
    const { files, reason } = await collect(
      {
        'lib/a.js': '',
        'lib/.npmignore': '*.test.js',
        'lib/a.test.js': '',
        'lib/.npmrc': '//x/:_authToken=1',
        'main.js': '',
        'README.md': '',
        LICENSE: '',
        'src/x.ts': '',
        'package-lock.json': '{}',
        'node_modules/x/i.js': '',
        'cli.js': '',
      },
      { name: 'x', files: ['lib'], main: 'main.js', bin: 'cli.js' },
    )
    expect(files).toEqual(['LICENSE', 'README.md', 'cli.js', 'lib/a.js', 'main.js', 'package.json'])
    expect(reason).toBe('"files" of package.json: lib')
  })
})

describe('collectOutputs: detected', () => {
  it('finds the outDir of tsconfig.json, and what services read beside it', async () => {
    const { files, reason } = await collect(
      { ...typescript, 'lib/server.js': '', 'public/x.css': '', 'views/y.html': '', 'test/z.ts': '' },
      { scripts: { build: 'tsc', start: 'node lib/server' } },
    )
    expect(files).toEqual(['lib/server.js', 'package.json', 'public/x.css', 'views/y.html'])
    expect(reason).toBe('the build output lib (tsconfig.json writes lib), and beside it public, views')
  })

  it('finds dist and build', async () => {
    expect((await collect({ 'dist/a.js': '', 'build/b.js': '', 'src/c.ts': '' })).files).toEqual([
      'build/b.js',
      'dist/a.js',
      'package.json',
    ])
  })

  it('takes the whole folder when the output lacks what the container starts', async () => {
    const { files, by, reason } = await collect(
      { 'dist/client.js': '', 'server.js': '', 'routes/a.js': '' },
      { scripts: { start: 'node server.js' } },
    )
    expect(files).toEqual(['dist/client.js', 'package.json', 'routes/a.js', 'server.js'])
    expect([by, reason]).toEqual([
      'context',
      'the whole folder: dist alone would lack server.js, which the container starts',
    ])
    const preload = await collect(
      { 'dist/server.js': '', 'instrument.mjs': '' },
      { scripts: { start: 'node --import ./instrument.mjs dist/server.js' } },
    )
    expect(preload.files).toContain('instrument.mjs')
  })

  it('takes the whole folder when nothing is known, or nothing was built', async () => {
    expect((await collect({ 'a.js': '', 'lib/b.js': '' })).by).toBe('context')
    const plain = await collect(
      { 'index.js': '', 'dist/x.js': '', empty: { folder: true } },
      {},
      { built: false },
    )
    expect(plain.entries.map(({ path }) => path)).toEqual([
      'dist',
      'dist/x.js',
      'empty',
      'index.js',
      'package.json',
    ])
  })

  it("maps Next's standalone server to where it runs", async () => {
    const standalone = (prefix: string) => ({
      [`.next/standalone/${prefix}server.js`]: '',
      [`.next/standalone/${prefix}package.json`]: '{}',
      [`.next/standalone/${prefix}.next/BUILD_ID`]: 'x',
      '.next/standalone/node_modules/next/index.js': '',
      '.next/static/chunk.js': '',
      '.next/cache/big': '',
      '.next/BUILD_ID': 'x',
      'public/logo.png': '',
      'pages/index.js': '',
    })
    const expected = [
      '.next/BUILD_ID',
      '.next/static/chunk.js',
      'package.json',
      'public/logo.png',
      'server.js',
    ]
    const root = await collect(standalone(''), { scripts: { start: 'next start' } })
    expect(root.files).toEqual(expected)
    expect(root.by).toBe('next-standalone')
    expect(root.entries.find(({ path }) => path === 'server.js')?.source).toBe('.next/standalone/server.js')
    expect(root.entries.find(({ path }) => path === '.next')?.type).toBe('directory')
    expect((await collect(standalone('apps/web/'))).files).toEqual(expected)
  })

  it('takes .next without its cache for next start', async () => {
    const { files } = await collect(
      {
        '.next/BUILD_ID': '',
        '.next/cache/x': '',
        '.next/server/y.js': '',
        'next.config.mjs': '',
        'public/z': '',
        'app/page.tsx': '',
      },
      { scripts: { start: 'next start' } },
    )
    expect(files).toEqual([
      '.next/BUILD_ID',
      '.next/server/y.js',
      'next.config.mjs',
      'package.json',
      'public/z',
    ])
  })

  it('takes .output with the node_modules that it brings', async () => {
    const { files } = await collect({
      '.output/server/index.mjs': '',
      '.output/server/node_modules/vue/index.js': '',
      'app.vue': '',
    })
    expect(files).toEqual([
      '.output/server/index.mjs',
      '.output/server/node_modules/vue/index.js',
      'package.json',
    ])
  })
})

describe('collectOutputs: secrets', () => {
  const key = '-----BEGIN RSA PRIVATE KEY-----\nabc'
  const secrets = {
    '.env': '',
    '.env.production': '',
    'config/.npmrc': '',
    'tls/server.key': key,
    'tls/ca.pem': '-----BEGIN CERTIFICATE-----',
    'home/.ssh/config': '',
    id_ed25519: key,
    'store.p12': '',
    'service-account.json': `{"private_key": "${key}"}`,
    '.env.example': '',
    'credentials.json': '{}',
    'index.js': '',
  }

  it('leaves them out of the fallback and says which', async () => {
    const { files, findings } = await collect(secrets, {}, { built: false })
    expect(files).toEqual(['.env.example', 'credentials.json', 'index.js', 'package.json', 'tls/ca.pem'])
    expect(findings).toHaveLength(8)
    expect(findings[0]).toMatchObject({
      rule: 'project/secret-left-out',
      severity: 'warning',
      message: '.env was left out of the image: it is an environment file, which may hold secrets',
    })
  })

  it('takes one only when its name is asked for, and warns', async () => {
    const { files, findings } = await collect(secrets, {}, { include: ['**', '.env.production'] })
    expect(files.filter((path) => path.includes('.env'))).toEqual(['.env.example', '.env.production'])
    expect(findings.filter(({ rule }) => rule === 'project/secret-included')).toMatchObject([
      { details: { file: '.env.production' } },
    ])
    expect((await collect(secrets, { files: ['tls', '.env'] })).files).toEqual([
      '.env',
      'package.json',
      'tls/ca.pem',
    ])
  })
})

describe('collectOutputs: a folder that is no clean copy', () => {
  it('leaves out what the context leaves out', async () => {
    const ignore = rulesBelow(parseIgnoreRules('packages/api/test\n**/*.log'), 'packages/api')
    const { files } = await collect(
      { 'index.js': '', 'test/x.js': '', 'a.log': '' },
      {},
      { built: false, ignore },
    )
    expect(files).toEqual(['index.js', 'package.json'])
    const deeper = await collect({ 'dist/x.js': '', 'dist/a.log': '' }, {}, { ignore })
    expect(deeper.files).toEqual(['dist/x.js', 'package.json'])
  })
})

describe('planOutputs', () => {
  it.each([
    [{ include: ['dist'] }, {}, 'include', '"include" of the configuration: dist'],
    [{}, { files: ['dist', 'public'] }, 'files', '"files" of package.json: dist, public'],
    [{}, {}, 'detected', 'the build output lib (tsconfig.json writes it)'],
    [{ built: false }, {}, 'context', 'the whole folder: it has no build, no "files" and no "include"'],
  ] as [More, object, string, string][])('%j %j: %s', async (more, packageJson, by, reason) => {
    expect(await plan(typescript, packageJson, more)).toMatchObject({ by, reason })
  })

  it('says so when only the build will show it', async () => {
    expect((await plan({ 'a.js': '' })).reason).toBe(
      'what the build makes of .next, .output, dist, build; the whole folder when it makes none',
    )
  })
})
