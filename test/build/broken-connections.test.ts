/**
 * Connections that break in the middle, through the program as users run it: npm's HTTP client then leaves promises behind that
 * reject with nobody there, for which Node would end the process with a stack trace.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import '../../scripts/build.mjs'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { plainService, type ProjectFolder, projectFolder } from './project-folder.ts'

const program = join(import.meta.dirname, '../../dist/cli.js')
const commit = '0123456789012345678901234567890123456789'

describeWith(['base-image', 'openssl'], 'connections that break in the middle', () => {
  const servers: Server[] = []
  let folder: ProjectFolder
  let proxy: string
  let asked: string[]
  beforeAll(async () => {
    folder = await projectFolder({})
    proxy = await brokenInternet()
  })
  afterAll(async () => {
    for (const server of servers) server.close()
    await folder[Symbol.asyncDispose]()
  })

  const listen = async (server: Server): Promise<number> => {
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  /** A proxy behind which every host is one: it promises a megabyte and hangs up after a part of it. */
  async function brokenInternet(): Promise<string> {
    asked = []
    const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')]
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=everything', '-days', '2']
    await run('openssl', [...request, '-keyout', key, '-out', cert])
    const host = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, (ask, answer) => {
      asked.push(`${ask.headers.host}${ask.url}`)
      answer.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': '1000000' })
      answer.write(Buffer.alloc(200_000, '{'), () => answer.destroy())
    })
    const port = await listen(host)
    const tunnels = createServer()
    tunnels.on('connect', (_, client, head) => {
      const tunnel = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n')
        tunnel.write(head)
        client.pipe(tunnel).pipe(client)
      })
      tunnel.on('error', () => client.destroy())
      client.on('error', () => tunnel.destroy())
    })
    return `http://127.0.0.1:${await listen(tunnels)}`
  }

  async function build(args: readonly string[]): Promise<{ code: number | null; said: string }> {
    const cache = join(folder.path, 'cache')
    const output = `oci:${join(folder.path, 'out')}`
    const child = spawn(
      process.execPath,
      [program, 'build', folder.path, '--cache-dir', cache, '-o', output, ...args],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          ...process.env,
          npm_config_https_proxy: proxy,
          npm_config_strict_ssl: 'false',
          npm_config_fetch_retries: '0',
          npm_config_cache: join(folder.path, 'npm'),
          npm_config_registry: 'https://registry.example/',
        },
      },
    )
    let said = ''
    child.stderr.on('data', (bytes) => (said += String(bytes)))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, said }
  }

  const oneError = /^error: .*\n(?: {2}.*\n)* {2}.*\(exit 3\)$/m

  it('of a git host', async () => {
    const dependencies = { odd: `github:acme/odd#${commit}` }
    const resolved = `git+ssh://git@github.com/acme/odd.git#${commit}`
    await folder.write({
      ...plainService,
      'package.json': JSON.stringify({ name: 'plain', version: '1.0.0', main: 'server.js', dependencies }),
      'package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        packages: {
          '': { name: 'plain', version: '1.0.0', dependencies },
          'node_modules/odd': { version: '1.0.0', resolved },
        },
      }),
    })
    const { code, said } = await build(['--base', await nodeBaseImage()])
    expect(asked).toContain(`codeload.github.com/acme/odd/tar.gz/${commit}`)
    expect(said).toMatch(oneError)
    expect(said).toContain('error: odd@1.0.0: ')
    expect(said).not.toMatch(/^\s+at /m)
    expect(code).toBe(3)
  })
})
