/** Fetching tarballs with npm's own library: registry, remote, git, folders and files; retries, proxies, tokens are its part. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { codeOf } from '../base/index.ts'
import type { LockedPackage } from '../lockfile/index.ts'
import type { NpmConfig } from './npm-config.ts'
import { PackedFolder } from './packed-folder.ts'
import { conventionalUrl, isRegistryTarball, registryUrl } from './registry-url.ts'

/** Fetches a tarball into npm's cache; its size in bytes. It is verified against the lock's integrity on its way. */
export function fetchIntoCache(
  locked: LockedPackage,
  config: NpmConfig,
  signal: AbortSignal,
): Promise<number> {
  return withSpecs(locked, config, async (spec) => {
    const { default: pacote } = await import('pacote')
    let bytes = 0
    const count = async (stream: AsyncIterable<unknown>) => {
      bytes = 0
      for await (const chunk of stream) bytes += (chunk as Uint8Array).byteLength
    }
    await pacote.tarball.stream(spec, count, settingsFor(spec, locked, config, signal))
    return bytes
  })
}

/** Fetches a tarball into a file; its size in bytes. */
export function fetchIntoFile(
  locked: LockedPackage,
  file: string,
  config: NpmConfig,
  signal: AbortSignal,
): Promise<number> {
  return withSpecs(locked, config, async (spec) => {
    const { default: pacote } = await import('pacote')
    await pacote.tarball.file(spec, file, settingsFor(spec, locked, config, signal))
    return (await stat(file)).size
  })
}

/** Tries the specs of a package in order; the next one only where the registry said that it has nothing there. */
async function withSpecs<T>(
  locked: LockedPackage,
  config: NpmConfig,
  fetch: (spec: string) => Promise<T>,
): Promise<T> {
  const [first, second] = specsOf(locked, config)
  try {
    return await fetch(first)
  } catch (error) {
    if (second === undefined || !/^E4\d\d$/.test(codeOf(error) ?? '')) throw error
    return fetch(second)
  }
}

/** What npm would be asked for. */
function specsOf(locked: LockedPackage, config: NpmConfig): [string, string?] {
  const { name, version, resolved, integrity } = locked
  if (resolved === undefined) {
    const asked = `${name}@${version}`
    return integrity === undefined ? [asked] : [`${name}@${conventionalUrl(locked, config)}`, asked]
  }
  if (/^https?:/.test(resolved)) return [`${name}@${registryUrl(resolved, config)}`]
  if (resolved.startsWith('file:'))
    return [`${name}@file:${resolve(config.projectFolder, resolved.slice(5))}`]
  return [`${name}@${resolved}`]
}

function settingsFor(
  spec: string,
  locked: LockedPackage,
  config: NpmConfig,
  signal: AbortSignal,
): Record<string, unknown> {
  const url = spec.slice(locked.name.length + 1)
  return {
    ...config.flatOptions(),
    ...(locked.integrity === undefined ? {} : { integrity: locked.integrity }),
    ...(isRegistryTarball(url, locked, config) ? { allowRemote: 'all' } : {}),
    replaceRegistryHost: 'never',
    where: config.projectFolder,
    Arborist: PackedFolder,
    _isRoot: locked.direct,
    // A signal of its own for each request: listeners of many requests on one are taken for a leak.
    signal: AbortSignal.any([signal]),
  }
}
