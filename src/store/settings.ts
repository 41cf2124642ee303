import { InternalError, type Secret } from '../base/index.ts'
import type { Platform } from '../oci/index.ts'

/** How stores are reached. Every field has a sensible default; the command line fills it from the environment. */
export interface StoreSettings {
  /** sent to registries and daemons */
  userAgent?: string
  /** credentials given by hand; they come before every file */
  credentials?: readonly GivenCredentials[]
  /** Docker's config.json and podman's auth.json files, in the order in which they are asked */
  credentialFiles?: readonly string[]
  /** PEM files whose certificates are trusted besides Node's own */
  caFiles?: readonly string[]
  /** folders with `HOST[:PORT]/{*.crt,client.cert,client.key}`, as Docker's /etc/docker/certs.d */
  certificateFolders?: readonly string[]
  proxy?: ProxySettings
  /** `host[:port]` of registries that are spoken to without TLS; loopback addresses always are */
  insecureRegistries?: readonly string[]
  /** how the Docker engine is found */
  docker?: DockerSettings
  /** the platform that a store which keeps only one platform gets (Docker's classic image store, `docker-archive`) */
  hostPlatform?: Platform
  /** parallel transfers to one registry; 6 when absent */
  connections?: number
  /** where temporary files go; the system's folder when absent */
  temporaryFolder?: string
}

export interface GivenCredentials {
  /** `host[:port]`, Docker Hub is `docker.io` */
  registry: string
  username: string
  password: Secret
}

export interface ProxySettings {
  http?: string
  https?: string
  /** comma-separated hosts that are reached directly */
  no?: string
}

export interface DockerSettings {
  /** `DOCKER_HOST`: unix://, tcp://, npipe:// */
  host?: string
  /** `DOCKER_CONTEXT` */
  context?: string
  /** the folder of Docker's config.json and contexts */
  configFolder?: string
  /** `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` */
  tlsFolder?: string
}

/** Settings as the usual environment variables give them. `home` is the user's home folder. */
export function storeSettingsFrom(
  _environment: Record<string, string | undefined>,
  _home: string,
): StoreSettings {
  throw new InternalError('not written yet: store settings')
}
