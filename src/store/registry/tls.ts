/** Certificates: Node's own authorities, more from files, and what Docker's certs.d folders have for one registry. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { codeOf } from '../../base/index.ts'
import { onDisk } from '../disk-failure.ts'
import type { StoreSettings } from '../settings.ts'

/**
 * TLS options for connections to `host[:port]`; empty when Node's defaults do. One secure context serves all connections,
 * because parsing a hundred certificates for each takes longer than the handshake.
 */
export async function tlsFor(
  host: string,
  settings: StoreSettings,
): Promise<{ secureContext?: SecureContext }> {
  const registry = await registryCertificates(host, settings.certificateFolders ?? [])
  const files = settings.caFiles ?? []
  if (files.length === 0 && registry.ca.length === 0 && !registry.cert) return {}
  const trusted = await Promise.all(
    files.map((file) => onDisk(`read the certificates in ${file}`, () => readFile(file, 'utf8'))),
  )
  const { ca, cert, key } = registry
  return {
    secureContext: createSecureContext({
      ca: [...rootCertificates, ...trusted, ...ca],
      ...(cert && key ? { cert, key } : {}),
    }),
  }
}

interface RegistryCertificates {
  ca: string[]
  cert?: string
  key?: string
}

/** `FOLDER/HOST[:PORT]/`: `*.crt` are authorities, `x.cert` with `x.key` is the client's certificate. */
async function registryCertificates(host: string, folders: readonly string[]): Promise<RegistryCertificates> {
  for (const folder of folders) {
    const place = join(folder, host)
    const names = await readdir(place).catch((error: unknown): string[] => {
      if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error) ?? '')) return []
      throw error
    })
    if (names.length === 0) continue
    const read = (name: string) =>
      onDisk(`read ${name} in ${place}`, () => readFile(join(place, name), 'utf8'))
    const ca = await Promise.all(names.filter((name) => name.endsWith('.crt')).map(read))
    const client = names.find(
      (name) => name.endsWith('.cert') && names.includes(name.replace(/cert$/, 'key')),
    )
    if (!client) return { ca }
    return { ca, cert: await read(client), key: await read(client.replace(/cert$/, 'key')) }
  }
  return { ca: [] }
}
