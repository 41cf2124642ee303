import { describe, expect, it } from 'vitest'
import { readNodeArguments } from './node-arguments.ts'
import { interpreterOf } from './resolve-command.ts'
import { startCommands } from './start-commands.ts'

describe('startCommands', () => {
  const commands = (entrypoint: string[] | null, cmd: string[] | null = null) =>
    startCommands({ Entrypoint: entrypoint, Cmd: cmd }).map(({ command, args }) =>
      [command, ...args].join(' '),
    )

  it.each([
    [['node', 'server.js'], null, ['node server.js']],
    [null, ['node', 'server.js'], ['node server.js']],
    [
      ['tini', '-g', '--'],
      ['node', 'x'],
      ['tini -g -- node x', 'node x'],
    ],
    [['/usr/bin/tini', '-e', '143', '--', 'node'], ['x'], ['/usr/bin/tini -e 143 -- node x', 'node x']],
    [
      ['dumb-init', '--rewrite', '15:2'],
      ['node', 'x'],
      ['dumb-init --rewrite 15:2 node x', 'node x'],
    ],
    [
      ['/bin/sh', '-c', 'exec node dist/server.js'],
      null,
      ['/bin/sh -c exec node dist/server.js', 'node dist/server.js'],
    ],
    [['/bin/sh', '-c', 'node "$FILE"'], null, ['/bin/sh -c node "$FILE"']],
    [['docker-entrypoint.sh'], ['node'], ['docker-entrypoint.sh node', 'node']],
    [['docker-entrypoint.sh'], ['server.js'], ['docker-entrypoint.sh server.js', 'node server.js']],
    [['/start.sh'], ['--verbose'], ['/start.sh --verbose']],
    [['env', 'A=1', 'node', 'x'], null, ['env A=1 node x', 'node x']],
    [
      ['gosu', 'node'],
      ['node', 'x'],
      ['gosu node node x', 'node x'],
    ],
    [
      ['tini', '--', 'sh', '-c'],
      ['exec node x'],
      ['tini -- sh -c exec node x', 'sh -c exec node x', 'node x'],
    ],
    [[], null, []],
    [null, null, []],
  ])('%j %j', (entrypoint, cmd, expected) => {
    expect(commands(entrypoint, cmd)).toEqual(expected)
  })

  it('ends, however the commands are nested', () => {
    expect(commands(Array.from({ length: 100 }, () => 'tini')).length).toBeLessThan(20)
  })
})

describe('readNodeArguments', () => {
  it.each([
    [['server.js', '--port', '1'], { main: 'server.js', preloads: [] }],
    [['--enable-source-maps', 'server.js'], { main: 'server.js', preloads: [] }],
    [['-r', './trace.js', '--import=tsx', 'x.ts'], { main: 'x.ts', preloads: ['./trace.js', 'tsx'] }],
    [['--env-file', '.env', 'x'], { main: 'x', preloads: [] }],
    [['--env-file=.env', '--', 'x'], { main: 'x', preloads: [] }],
    [['-e', 'code'], { preloads: [] }],
    [['--version'], { preloads: [] }],
    [['-'], { preloads: [] }],
    [[], { preloads: [] }],
  ])('%j', (args, expected) => {
    expect(readNodeArguments(args)).toEqual(expected)
  })
})

describe('interpreterOf', () => {
  it.each([
    ['/bin/sh', { program: '/bin/sh' }],
    [' /bin/sh -e', { program: '/bin/sh' }],
    ['/usr/bin/env node', { program: '/usr/bin/env', command: 'node' }],
    ['/usr/bin/env -S node --no-warnings', { program: '/usr/bin/env', command: 'node' }],
    ['/bin/sh\r', { program: '/bin/sh\r' }],
    ['/usr/bin/env node\r', { program: '/usr/bin/env', command: 'node\r' }],
    ['', { program: '' }],
  ])('%j', (line, expected) => {
    expect(interpreterOf(line)).toEqual(expected)
  })
})
