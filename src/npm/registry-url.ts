/** Where a registry keeps tarballs, and how npm turns what a lock recorded into an address of the registry in use. */
import type { LockedPackage } from '../lockfile/index.ts'
import type { NpmConfig } from './npm-config.ts'

/** The registry for a package name: its scope's, else the default one; without trailing slash. */
function registryFor(name: string, config: NpmConfig): string {
  const scope = name.startsWith('@') ? name.split('/')[0] : undefined
  const scoped = scope === undefined ? undefined : config.flatOptions()[`${scope}:registry`]
  return typeof scoped === 'string' ? scoped.replace(/\/+$/, '') : config.registry
}

/**
 * The address that nearly every registry uses for a tarball, for entries without `resolved` (`omit-lockfile-registry-resolved`):
 * it spares the packument. Only for tarballs whose hash is known.
 */
export function conventionalUrl({ name, version }: LockedPackage, config: NpmConfig): string {
  return `${registryFor(name, config)}/${name}/-/${name.split('/').at(-1)}-${version}.tgz`
}

/** Whether an address is a tarball of the registry in use, and not a remote tarball that somebody named by its address. */
export function isRegistryTarball(url: string, { name }: LockedPackage, config: NpmConfig): boolean {
  return decodeURIComponent(url).startsWith(`${registryFor(name, config)}/${name}/-/`)
}

/**
 * The address to fetch for a recorded one. The public registry's host stands for whatever registry is configured
 * (`replace-registry-host`: a host, `never` or `always`); a path of the configured registry is put before the recorded one.
 */
export function registryUrl(resolved: string, config: NpmConfig): string {
  const { replaceRegistryHost } = config.flatOptions()
  const replaced = typeof replaceRegistryHost === 'string' ? replaceRegistryHost : 'npmjs'
  const url = new URL(resolved)
  const isReplaced =
    replaced === 'always' || url.hostname === hostOf(replaced === 'npmjs' ? config.defaultRegistry : replaced)
  if (!isReplaced) return resolved
  const registry = new URL(config.registry)
  const path = registry.pathname.replace(/\/$/, '')
  url.protocol = registry.protocol
  url.hostname = registry.hostname
  url.port = registry.port
  if (path !== '' && url.pathname !== path && !url.pathname.startsWith(`${path}/`))
    url.pathname = path + url.pathname
  return url.href
}

function hostOf(value: string): string {
  return URL.canParse(value) ? new URL(value).hostname : value
}
