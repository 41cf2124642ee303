import { EnvHttpProxyAgent, fetch } from 'undici'
import type { DebianPorts, HttpGet } from '../../debian/index.ts'
import { type NpmConfig, registryAccess } from '../../npm/index.ts'
import type { ContentCache } from '../../store/index.ts'

/** What the assembled base needs of the world. Certificates are Node's own business (NODE_EXTRA_CA_CERTS). */
export function debianPorts(cache: ContentCache, npm: NpmConfig): DebianPorts {
  return { http: get, cache, npm: registryAccess(npm), hostRoot: '/', now: () => new Date() }
}

const dispatcher = new EnvHttpProxyAgent()

const get: HttpGet = (url, { headers, signal }) => fetch(url, { headers, signal, dispatcher })
