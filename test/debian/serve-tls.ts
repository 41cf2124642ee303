/** A loopback HTTPS server whose certificate is signed by an authority that nobody knows. */
import { appendFile, copyFile, readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { run } from '../engines/run.ts'

export interface TlsServer extends AsyncDisposable {
  url: string
  /** Makes the authority known to OpenSSL: puts it, under the hash of its name, into a folder of certificates. */
  addTo(folder: string): Promise<void>
}

/** Keeps its keys in `folder`. */
export async function serveTls(folder: string): Promise<TlsServer> {
  const at = (name: string) => join(folder, name)
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const openssl = (...args: string[]) => run('openssl', args)
  await openssl(
    'req',
    '-x509',
    ...key,
    '-subj',
    '/CN=Test Authority',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  )
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const signer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key')]
  await openssl(
    'req',
    '-x509',
    ...key,
    ...names,
    ...signer,
    '-keyout',
    at('server.key'),
    '-out',
    at('server.pem'),
  )
  await appendFile(at('server.pem'), await readFile(at('ca.pem')))
  const server = createServer(
    { key: await readFile(at('server.key')), cert: await readFile(at('server.pem')) },
    (_, answer) => answer.end('hello'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async addTo(certificates) {
      const hash = (await openssl('x509', '-in', at('ca.pem'), '-noout', '-subject_hash')).trim()
      await copyFile(at('ca.pem'), join(certificates, `${hash}.0`))
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
