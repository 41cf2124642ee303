import { describe, expect, it } from 'vitest'
import type { StartCommand } from '../../../project/index.ts'
import type { BaseFacts } from '../base/base-image.ts'
import { runConfig, type RunConfigInput } from './run-config.ts'

const facts: BaseFacts = {
  libc: 'glibc',
  init: '/usr/bin/tini',
  users: ['root', 'node'],
  node: '/usr/local/bin/node',
}
const start: StartCommand = {
  entrypoint: [],
  cmd: ['node', 'dist/server.js'],
  env: {},
  from: 'scripts.start',
  findings: [],
}
const input = (change: Partial<RunConfigInput>): RunConfigInput => ({
  base: {},
  facts,
  start,
  settings: {},
  workdir: '/app',
  labels: {},
  ...change,
})

describe('runConfig', () => {
  it('starts the service under the base’s init, as the base’s node user', () => {
    expect(runConfig(input({}))).toEqual({
      User: 'node',
      Env: ['NODE_ENV=production'],
      Entrypoint: ['/usr/bin/tini', '--'],
      Cmd: ['node', 'dist/server.js'],
      WorkingDir: '/app',
    })
  })

  it('drops the base’s own entrypoint and command', () => {
    const base = { Entrypoint: ['docker-entrypoint.sh'], Cmd: ['node'] }
    const { init: _, ...withoutInit } = facts
    const result = runConfig(input({ base, facts: withoutInit }))
    expect(result.Entrypoint).toBeUndefined()
    expect(result.Cmd).toEqual(['node', 'dist/server.js'])
  })

  it('takes a configured entrypoint as it stands', () => {
    const own = { ...start, entrypoint: ['/bin/server'], cmd: ['--fast'] }
    expect(runConfig(input({ start: own }))).toMatchObject({ Entrypoint: ['/bin/server'], Cmd: ['--fast'] })
  })

  it.each([
    [undefined, ['root', 'node'], undefined, 'node'],
    ['root', ['root', 'node'], undefined, 'node'],
    ['0:0', ['root', 'node'], undefined, 'node'],
    ['app', ['root', 'node', 'app'], undefined, 'app'],
    [undefined, ['root'], undefined, undefined],
    ['root', ['root', 'node'], '1234', '1234'],
  ])('user of base %s with %j and setting %s is %s', (baseUser, users, setting, expected) => {
    const base = baseUser === undefined ? {} : { User: baseUser }
    const settings = setting === undefined ? {} : { user: setting }
    expect(runConfig(input({ base, facts: { ...facts, users }, settings })).User).toBe(expected)
  })

  it('merges variables in place: base, then ours, then the start script’s, then the configuration’s', () => {
    const base = { Env: ['PATH=/bin', 'NODE_ENV=development', 'A=1'] }
    const result = runConfig(
      input({ base, start: { ...start, env: { A: '2', B: 'x=y' } }, settings: { env: { B: '3' } } }),
    )
    expect(result.Env).toEqual(['PATH=/bin', 'NODE_ENV=production', 'A=2', 'B=3'])
  })

  it('keeps what else the base says', () => {
    const base = {
      ExposedPorts: { '80/tcp': {} },
      Labels: { a: 'base', b: 'base' },
      StopSignal: 'SIGQUIT',
      Volumes: { '/data': {} },
      Healthcheck: { Test: ['CMD', 'true'] },
    }
    const settings = { ports: ['3000/tcp'], labels: { c: 'config' } }
    expect(runConfig(input({ base, settings, labels: { b: 'ours' } }))).toMatchObject({
      ...base,
      ExposedPorts: { '80/tcp': {}, '3000/tcp': {} },
      Labels: { a: 'base', b: 'ours', c: 'config' },
    })
  })
})
