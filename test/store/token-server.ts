/**
 * A token server that the reference registry trusts (distribution's token specification): signs what it grants with a key
 * whose certificate the registry knows.
 */
import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../engines/run.ts'

export interface TokenServer {
  /** the `auth.token` section of the registry's configuration */
  readonly registrySettings: Record<string, unknown>
  /** scopes of all tokens that were given, one text each */
  readonly given: string[]
  /** seconds that new tokens are good for, whatever the answer says */
  lifetime: number
  stop(): Promise<void>
}

export async function startTokenServer(user: { username: string; password: string }): Promise<TokenServer> {
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-tokens-'))
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const newKey = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key]
  await run('openssl', ['req', '-x509', ...newKey, '-out', certificate, '-days', '2', '-subj', '/CN=tokens'])
  const signed = signer(await readFile(key, 'utf8'), await readFile(certificate, 'utf8'))
  const basic = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`
  const given: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://tokens')
    if (request.headers.authorization !== basic) {
      response.writeHead(401).end()
      return
    }
    const scopes = url.searchParams.getAll('scope')
    given.push(scopes.join(' '))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ token: signed(scopes, tokens.lifetime), expires_in: 300 }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const tokens: TokenServer = {
    registrySettings: {
      realm: `http://127.0.0.1:${port}/token`,
      service: 'test registry',
      issuer: 'tokens',
      rootcertbundle: certificate,
    },
    given,
    lifetime: 300,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true })
    },
  }
  return tokens
}

function signer(key: string, certificate: string): (scopes: readonly string[], lifetime: number) => string {
  const privateKey = createPrivateKey(key)
  const x5c = [new X509Certificate(certificate).raw.toString('base64')]
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return (scopes, lifetime) => {
    const now = Math.floor(Date.now() / 1000)
    const access = scopes.map((scope) => {
      const [type = '', name = '', actions = ''] = scope.split(':')
      return { type, name, actions: actions.split(',') }
    })
    const claims = {
      iss: 'tokens',
      sub: 'jane',
      aud: 'test registry',
      // The registry allows a clock to be a minute wrong.
      exp: now + lifetime - 60,
      nbf: now - 60,
      iat: now,
      jti: randomUUID(),
      access,
    }
    const body = `${encoded({ typ: 'JWT', alg: 'RS256', x5c })}.${encoded(claims)}`
    return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`
  }
}
