import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderForTest } from '../testdata/temporary.ts'
import { findDockerHost } from './docker-host.ts'

describe('findDockerHost', () => {
  it.each([
    [undefined, { kind: 'socket', path: '/var/run/docker.sock' }],
    ['unix:///run/user/1000/docker.sock', { kind: 'socket', path: '/run/user/1000/docker.sock' }],
    ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '\\\\.\\pipe\\docker_engine' }],
    ['tcp://engine:2375', { kind: 'tcp', url: new URL('http://engine:2375/') }],
    ['tcp://engine', { kind: 'tcp', url: new URL('http://engine:2375/') }],
    ['https://engine', { kind: 'tcp', url: new URL('https://engine:2376/') }],
  ])('%s', async (host, expected) => {
    expect(await findDockerHost(host === undefined ? {} : { host })).toEqual(expected)
  })

  it.each(['ssh://jane@engine', 'nonsense', 'tcp://'])('says what cannot be reached: %s', async (host) => {
    await expect(findDockerHost({ host })).rejects.toMatchObject({ code: 'DAEMON_UNREACHABLE' })
  })

  it('reads the keys that TLS takes', async () => {
    const tlsFolder = await folderForTest()
    for (const name of ['ca', 'cert', 'key']) await writeFile(join(tlsFolder, `${name}.pem`), name)
    expect(await findDockerHost({ host: 'tcp://engine:2376', tlsFolder })).toEqual({
      kind: 'tcp',
      url: new URL('https://engine:2376/'),
      tls: { ca: 'ca', cert: 'cert', key: 'key' },
    })
  })

  it('follows contexts: the one that is named, else the chosen one', async () => {
    const configFolder = await folderForTest()
    for (const name of ['colima', 'desktop']) {
      const folder = join(configFolder, 'contexts/meta', createHash('sha256').update(name).digest('hex'))
      await mkdir(folder, { recursive: true })
      const meta = { Name: name, Endpoints: { docker: { Host: `unix:///run/${name}.sock` } } }
      await writeFile(join(folder, 'meta.json'), JSON.stringify(meta))
    }
    await writeFile(join(configFolder, 'config.json'), '{"currentContext":"colima"}')
    const found = async (settings: object) => findDockerHost({ configFolder, ...settings })
    expect(await found({})).toEqual({ kind: 'socket', path: '/run/colima.sock' })
    expect(await found({ context: 'desktop' })).toEqual({ kind: 'socket', path: '/run/desktop.sock' })
    expect(await found({ context: 'default' })).toEqual({ kind: 'socket', path: '/var/run/docker.sock' })
    expect(await found({ host: 'unix:///x' })).toEqual({ kind: 'socket', path: '/x' })
    await expect(found({ context: 'nope' })).rejects.toMatchObject({
      message: 'there is no Docker context nope',
    })
  })
})
