import { credentialFinder } from './credentials/credentials.ts'
import { findDockerHost } from './daemon/docker-host.ts'
import { EngineApi } from './daemon/engine-api.ts'
import { HttpConnections } from './registry/http-connections.ts'
import { originOf } from './registry/origin.ts'
import { RegistryClient } from './registry/registry-client.ts'
import { defaultRetryPolicy } from './registry/retry.ts'
import type { StoreSettings } from './settings.ts'

/** What the readers and writers of one run share: settings, connections, tokens. Made once, by the command line. */
export class Stores {
  readonly settings: StoreSettings
  readonly #connections: HttpConnections
  readonly #registries = new Map<string, RegistryClient>()

  constructor(settings: StoreSettings) {
    this.settings = settings
    this.#connections = new HttpConnections(settings)
  }

  /** The client of a registry (`host[:port]`, Docker Hub is `docker.io`). Connects nothing yet. */
  registry(name: string): RegistryClient {
    let client = this.#registries.get(name)
    if (!client) {
      const { insecureRegistries, retry = defaultRetryPolicy } = this.settings
      client = new RegistryClient({
        registry: name,
        origin: originOf(name, insecureRegistries),
        exchange: (request, options) => this.#connections.exchange(request, options),
        credentials: credentialFinder(this.settings),
        retry,
      })
      this.#registries.set(name, client)
    }
    return client
  }

  /** A connection to the Docker engine; whoever asks for it closes it. Connects nothing yet. */
  async engine(): Promise<EngineApi> {
    const { docker, userAgent = 'everyarch' } = this.settings
    return new EngineApi(await findDockerHost(docker), userAgent)
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await this.#connections.close()
  }
}

/** Connects nothing yet. */
export function openStores(settings: StoreSettings): Stores {
  return new Stores(settings)
}
