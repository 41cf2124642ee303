/** Where a registry is reached. */
import { isIP } from 'node:net'

/**
 * The URL that a registry's paths hang on. Docker Hub's name is not its API's host. Loopback addresses and the `insecure`
 * ones are spoken to without TLS, everything else with it.
 */
export function originOf(registry: string, insecure: readonly string[] = []): URL {
  if (registry === 'docker.io') return new URL('https://registry-1.docker.io/')
  const { hostname } = new URL(`http://${registry}/`)
  const plain = isLoopback(hostname) || insecure.includes(registry) || insecure.includes(hostname)
  return new URL(`${plain ? 'http' : 'https'}://${registry}/`)
}

/** `localhost`, 127.0.0.0/8 and ::1, as a URL's hostname has them. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 4) return host.startsWith('127.')
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1'
}
