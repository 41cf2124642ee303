import { EnvHttpProxyAgent, interceptors } from 'undici'
import type { HttpGet } from '../../debian/index.ts'
import type { StoreSettings } from '../../store/index.ts'

export interface DebianHttp {
  get: HttpGet
  /** Ends the connections. */
  close(): Promise<void>
}

/** HTTP for Debian's mirrors: proxies as everywhere, redirects followed. Certificates are Node's own business (NODE_EXTRA_CA_CERTS). */
export function debianHttp({ proxy, userAgent = 'everyarch' }: StoreSettings): DebianHttp {
  // Made when it is needed: most builds ask no mirror.
  let agent: EnvHttpProxyAgent | undefined
  const makeAgent = () =>
    // Empty texts, because undici would read the environment for what is left out.
    new EnvHttpProxyAgent({
      httpProxy: proxy?.http ?? '',
      httpsProxy: proxy?.https ?? '',
      noProxy: proxy?.no ?? '',
      // A mirror without TLS is asked for through the proxy, as apt does it; many proxies tunnel to port 443 alone.
      proxyTunnel: false,
    })
  return {
    async get(url, { headers, signal }) {
      const { origin, pathname, search } = new URL(url)
      agent ??= makeAgent()
      const following = agent.compose(interceptors.redirect({ maxRedirections: 5 }))
      const answer = await following.request({
        origin,
        path: pathname + search,
        method: 'GET',
        headers: { 'user-agent': userAgent, ...headers },
        signal,
      })
      return {
        status: answer.statusCode,
        headers: { get: (name) => [answer.headers[name.toLowerCase()]].flat().at(0) ?? null },
        body: answer.body,
      }
    },
    async close() {
      await agent?.destroy()
    },
  }
}
