import type { DebianPorts, HttpGet } from '../../debian/index.ts'
import { type NpmConfig, registryAccess } from '../../npm/index.ts'
import type { ContentCache } from '../../store/index.ts'

/** What the assembled base needs of the world. Certificates are Node's own business (NODE_EXTRA_CA_CERTS). */
export function debianPorts(cache: ContentCache, npm: NpmConfig): DebianPorts {
  return { http: get, cache, npm: registryAccess(npm), hostRoot: '/', now: () => new Date() }
}

let connection: Promise<HttpGet> | undefined

/** Loaded when it is needed: most builds do not assemble a base. */
const get: HttpGet = async (url, options) => (await (connection ??= connect()))(url, options)

async function connect(): Promise<HttpGet> {
  const { EnvHttpProxyAgent, fetch } = await import('undici')
  const dispatcher = new EnvHttpProxyAgent()
  return (url, { headers, signal }) => fetch(url, { headers, signal, dispatcher })
}
