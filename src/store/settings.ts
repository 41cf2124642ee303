/** How stores are reached. Every field may be absent; the command line fills them from the environment. */
import { join } from 'node:path'
import type { Secret } from '../base/index.ts'
import type { Platform } from '../oci/index.ts'
import type { RetryPolicy } from './registry/retry.ts'

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
  /** how often and how patiently a registry is asked again */
  retry?: RetryPolicy
  /** how the Docker engine is found */
  docker?: DockerSettings
  /** the platform that a store which keeps only one platform gets (Docker's classic image store, `docker-archive`) */
  hostPlatform?: Platform
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
  /** `DOCKER_HOST`: unix://, tcp:// */
  host?: string
  /** `DOCKER_CONTEXT` */
  context?: string
  /** the folder of Docker's config.json and contexts */
  configFolder?: string
  /** `DOCKER_CERT_PATH`: the folder of ca.pem, cert.pem and key.pem, when `DOCKER_TLS_VERIFY` asks for TLS */
  tlsFolder?: string
}

type Environment = Record<string, string | undefined>

/** Settings as the usual environment variables give them. `home` is the user's home folder. */
export function storeSettingsFrom(environment: Environment, home: string): StoreSettings {
  const proxy = proxyFrom(environment)
  const { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE } = environment
  return {
    credentialFiles: credentialFilesFrom(environment, home),
    // Node's own list is replaced when certificates are named by hand, so its extra file has to be named again.
    caFiles: [...new Set([NODE_EXTRA_CA_CERTS, SSL_CERT_FILE])].filter((file): file is string =>
      Boolean(file),
    ),
    certificateFolders: [
      join(home, '.config/containers/certs.d'),
      join(home, '.docker/certs.d'),
      '/etc/containers/certs.d',
      '/etc/docker/certs.d',
    ],
    ...(proxy ? { proxy } : {}),
    docker: dockerFrom(environment, home),
  }
}

function credentialFilesFrom(environment: Environment, home: string): string[] {
  const { REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR } = environment
  return [
    ...(REGISTRY_AUTH_FILE ? [REGISTRY_AUTH_FILE] : []),
    join(environment.DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'containers/auth.json')] : []),
    join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'containers/auth.json'),
  ]
}

/** Lower case wins, as in curl. */
function proxyFrom(environment: Environment): ProxySettings | undefined {
  const either = (name: string) => environment[name] || environment[name.toUpperCase()]
  const all = either('all_proxy')
  const http = either('http_proxy') ?? all
  const https = either('https_proxy') ?? all
  const no = either('no_proxy')
  if (!http && !https) return undefined
  return { ...(http ? { http } : {}), ...(https ? { https } : {}), ...(no ? { no } : {}) }
}

function dockerFrom(environment: Environment, home: string): DockerSettings {
  const { DOCKER_HOST, DOCKER_CONTEXT, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH } = environment
  const configFolder = environment.DOCKER_CONFIG || join(home, '.docker')
  return {
    configFolder,
    ...(DOCKER_HOST ? { host: DOCKER_HOST } : {}),
    ...(DOCKER_CONTEXT ? { context: DOCKER_CONTEXT } : {}),
    ...(DOCKER_TLS_VERIFY ? { tlsFolder: DOCKER_CERT_PATH || configFolder } : {}),
  }
}
