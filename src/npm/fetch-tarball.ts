/** Fetching tarballs with npm's own library: registry, remote, git, folders and files; proxies, tokens and retries are its part. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { codeOf, sleep } from '../base/index.ts'
import type { LockedPackage } from '../lockfile/index.ts'
import type { NpmConfig } from './npm-config.ts'
import { isGit } from './npm-failure.ts'
import { PackedFolder } from './packed-folder.ts'
import { conventionalUrl, isRegistryTarball, registryUrl } from './registry-url.ts'

/**
 * Fetches a tarball into a file; its size in bytes. It is held against the lock's integrity on its way. Throws what npm's
 * library throws.
 */
export async function fetchTarball(
  locked: LockedPackage,
  file: string,
  config: NpmConfig,
  signal: AbortSignal,
): Promise<number> {
  const [first, second] = specsOf(locked, config)
  try {
    await fetchSpec(first, locked, file, config, signal)
  } catch (error) {
    // The second one only where the registry says that it has nothing at the first.
    if (second === undefined || !/^E4\d\d$/.test(codeOf(error) ?? '')) throw error
    await fetchSpec(second, locked, file, config, signal)
  }
  return (await stat(file)).size
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

/** A connection that breaks while the tarball is coming; npm itself tries again only until it begins to come. */
const brokenConnection = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE'])
const attempts = 3
const pause = 500

async function fetchSpec(
  spec: string,
  locked: LockedPackage,
  file: string,
  config: NpmConfig,
  signal: AbortSignal,
): Promise<void> {
  const { default: pacote } = await import('pacote')
  for (let attempt = 1; ; attempt++) {
    try {
      await pacote.tarball.file(spec, file, settingsFor(spec, locked, config, signal))
      return
    } catch (error) {
      if (signal.aborted || attempt === attempts || !brokenConnection.has(codeOf(error) ?? '')) throw error
      await sleep(pause * attempt, { signal })
    }
  }
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
    ...(isGit(locked) ? {} : withoutCache),
    replaceRegistryHost: 'never',
    where: config.projectFolder,
    Arborist: PackedFolder,
    _isRoot: locked.direct,
    // A signal of its own for each request: listeners of many requests on one are taken for a leak.
    signal: AbortSignal.any([signal]),
  }
}

/**
 * Tarballs are put into npm's cache by us, when they are whole; documents are asked for too rarely to be worth it: a connection that breaks while npm's HTTP client writes its
 * cache makes a promise reject that nobody holds, which ends the process. Git needs the cache's folder for its clones.
 */
export const withoutCache = { cache: undefined, preferOnline: true }
