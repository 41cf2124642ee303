import { describe, expect, it } from 'vitest'
import { parsePackageJson } from '../package-json.ts'
import { startFiles } from './entry-files.ts'
import { startCommand } from './start-command.ts'

const parse = (value: object, file = 'package.json') => parsePackageJson(JSON.stringify(value), file)
const files = new Set([
  'dist/server.js',
  'server.js',
  'index.js',
  'lib/index.js',
  'bin/www',
  'cli.mjs',
  'app.cjs',
])
const exists = (path: string) => files.has(path)
const start = (line: string, more: object = {}) =>
  startCommand(parse({ scripts: { start: line, ...more } }), undefined, exists)

describe('startCommand: configuration', () => {
  it('takes entrypoint and cmd as they are', () => {
    const packageJson = parse({ scripts: { start: 'a && b' } })
    expect(startCommand(packageJson, { entrypoint: ['sh'], cmd: ['-c', 'x'] }, exists)).toMatchObject({
      entrypoint: ['sh'],
      cmd: ['-c', 'x'],
      from: 'image.entrypoint',
    })
    expect(startCommand(packageJson, { cmd: ['node', 'x'] }, exists)).toMatchObject({
      entrypoint: [],
      cmd: ['node', 'x'],
      from: 'image.cmd',
    })
  })
})

describe('startCommand: scripts.start', () => {
  it.each([
    ['node dist/server.js --flag', ['node', 'dist/server.js', '--flag'], {}, 'dist/server.js'],
    [
      'NODE_OPTIONS=--enable-source-maps node dist/server',
      ['node', 'dist/server'],
      { NODE_OPTIONS: '--enable-source-maps' },
      'dist/server.js',
    ],
    [
      'cross-env NODE_ENV=production PORT=80 node .',
      ['node', '.'],
      { NODE_ENV: 'production', PORT: '80' },
      'index.js',
    ],
    ['exec node lib', ['node', 'lib'], {}, 'lib/index.js'],
    ['env A=b exec node ./server.js', ['node', './server.js'], { A: 'b' }, 'server.js'],
    [
      'node -r dotenv/config --max-old-space-size 512 dist/server.js',
      ['node', '-r', 'dotenv/config', '--max-old-space-size', '512', 'dist/server.js'],
      {},
      'dist/server.js',
    ],
    ['./app.cjs --x', ['node', 'app.cjs', '--x'], {}, 'app.cjs'],
    [
      'node --env-file-if-exists .env server.js',
      ['node', '--env-file-if-exists', '.env', 'server.js'],
      {},
      'server.js',
    ],
    ['bin/www', ['bin/www'], {}, undefined],
    ["node -e 'require(1)'", ['node', '-e', 'require(1)'], {}, undefined],
    ['sh run.sh', ['sh', 'run.sh'], {}, undefined],
  ])('%s', (line, cmd, env, script) => {
    const found = start(line)
    expect(found).toMatchObject({ entrypoint: [], cmd, env, from: 'scripts.start' })
    expect(found.script).toBe(script)
  })

  it('means the main file of the package by "node ."', () => {
    const packageJson = parse({ main: 'dist/server.js', scripts: { start: 'node .' } })
    expect(startCommand(packageJson, undefined, exists).script).toBe('dist/server.js')
  })

  it('follows npm run, with its arguments and variables', () => {
    const found = start('PORT=1 npm run serve -- --workers 2', {
      serve: 'HOST=x node dist/server.js --quiet',
    })
    expect(found).toMatchObject({
      cmd: ['node', 'dist/server.js', '--quiet', '--workers', '2'],
      env: { PORT: '1', HOST: 'x' },
      from: 'scripts.start → scripts.serve',
    })
    expect(start('yarn serve --a', { serve: 'node server.js' }).cmd).toEqual(['node', 'server.js', '--a'])
    expect(start('npm run -s serve --ignored', { serve: 'node server.js' }).cmd).toEqual([
      'node',
      'server.js',
    ])
    expect(start('pnpm run serve --a', { serve: 'node server.js' }).cmd).toEqual(['node', 'server.js', '--a'])
  })

  it('runs commands of dependencies with Node, where npm puts them', () => {
    expect(start('next start -p 80').cmd).toEqual(['node', 'server.js'])
    expect(start('remix-serve build').cmd).toEqual(['node', 'node_modules/.bin/remix-serve', 'build'])
    const workspace = parse({ scripts: { start: 'remix-serve build' } }, 'apps/web/package.json')
    expect(startCommand(workspace, undefined, exists).cmd[1]).toBe('../../node_modules/.bin/remix-serve')
    const known = (name: string) => (name === 'remix-serve' ? 'node_modules/.bin/remix-serve' : undefined)
    expect(startCommand(workspace, undefined, exists, known).cmd[1]).toBe('node_modules/.bin/remix-serve')
    const nest = parse({ scripts: { start: 'nest start' } })
    expect(() => startCommand(nest, undefined, exists, known)).toThrow('no production dependency brings')
    const tsx = parse({ scripts: { start: 'tsx src/a.ts' }, devDependencies: { tsx: '4' } })
    expect(() => startCommand(tsx, undefined, exists)).toThrow('scripts.start runs tsx')
  })

  it('warns of a hook that will not run', () => {
    expect(start('node server.js', { prestart: 'npm run build' }).findings).toMatchObject([
      { rule: 'project/start-hook-not-run', severity: 'warning', details: { script: 'prestart' } },
    ])
  })

  it.each([
    [
      'prisma migrate deploy && node dist/main.js',
      'scripts.start has several commands, which needs a shell',
      '--cmd "node dist/main.js"',
    ],
    ['node x --port $PORT', 'has a variable', '--cmd "node server.js"'],
    ['npm run nothing', 'scripts.start → scripts.nothing does not exist', '--cmd'],
    ['npm start', 'runs in circles', '--cmd'],
    ['npx tsx x', 'npx', '--cmd'],
    ['npm exec x', 'starts no script of this package', '--cmd'],
    ['node dist/gone.js', 'needs dist/gone.js, which will not be in the image', 'everyarch plan'],
    ['node --env-file=.env server.js', 'needs .env, which will not be in the image', 'without --env-file'],
    ['node --import ./gone.mjs server.js', 'needs gone.mjs, which', 'everyarch plan'],
    ['./gone', 'needs gone, which will not be in the image', 'everyarch plan'],
  ])('refuses %s', (line, message, hint) => {
    expect(() => start(line)).toThrow(
      expect.objectContaining({
        code: 'START_COMMAND_UNKNOWN',
        kind: 'usage',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    )
  })

  it('passes a file that is not known yet', () => {
    const packageJson = parse({ scripts: { start: 'node dist/later.js' } })
    const found = startCommand(packageJson, undefined, () => undefined)
    expect(found.cmd).toEqual(['node', 'dist/later.js'])
    expect(found.script).toBeUndefined()
  })
})

describe('startCommand: without a start script', () => {
  it.each([
    [{ name: '@a/x', bin: 'cli.mjs', main: 'index.js' }, 'cli.mjs', 'bin.x'],
    [{ name: 'x', bin: { y: 'index.js', x: 'cli.mjs' } }, 'cli.mjs', 'bin.x'],
    [{ bin: { a: 'cli.mjs', b: 'index.js' }, main: './lib' }, 'lib/index.js', 'main'],
    [{ main: 'gone.js' }, 'server.js', 'server.js'],
    [{}, 'server.js', 'server.js'],
  ])('%j starts %s', (packageJson, script, from) => {
    expect(startCommand(parse(packageJson), undefined, exists)).toMatchObject({
      cmd: ['node', script],
      script,
      from,
    })
  })

  it('refuses when nothing can be started', () => {
    const nothing = () =>
      startCommand(parse({ name: 'x', bin: { a: 'a.js', b: 'b.js' } }), undefined, () => false)
    expect(nothing).toThrow('bin has several commands (a, b)')
  })
})

describe('startFiles', () => {
  it('names what has to be there', () => {
    expect(startFiles(parse({ scripts: { start: 'node --import ./i.mjs -r pkg dist/server' } }))).toEqual([
      ['dist/server', 'dist/server.js', 'dist/server.json', 'dist/server.node', 'dist/server/index.js'],
      ['i.mjs'],
    ])
    expect(startFiles(parse({ scripts: { start: 'a && b' } }))).toEqual([])
    expect(startFiles(parse({ main: 'a.js' }))).toEqual([
      ['a.js', 'server.js', 'index.js', '.output/server/index.mjs'],
    ])
  })
})
