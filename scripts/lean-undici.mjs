/**
 * undici as the bundles have it: what src/ uses. Its own index also loads fetch, WebSocket, caches and mocks, and with them
 * Node's own copy of undici, which takes longer than all requests of an unchanged build.
 */
import api from 'undici/lib/api/index.js'
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js'
import redirect from 'undici/lib/interceptor/redirect.js'

// Here as in undici's index.
Object.assign(Dispatcher.prototype, api)

export { default as Agent } from 'undici/lib/dispatcher/agent.js'
export { default as Client } from 'undici/lib/dispatcher/client.js'
export { default as EnvHttpProxyAgent } from 'undici/lib/dispatcher/env-http-proxy-agent.js'
export const interceptors = { redirect }
