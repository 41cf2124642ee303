/** Packages by name and version straight from npm's registry, for what is no dependency of the project. */
import { type CancelOptions, type Source, throwIfAborted } from '../base/index.ts'
import { withoutCache } from './fetch-tarball.ts'
import { cachedBytes, cachedSize } from './npm-cache.ts'
import type { NpmConfig } from './npm-config.ts'
import { packageFailure } from './npm-failure.ts'

/** A packument as far as a version has to be chosen. */
export interface Packument {
  versions: Record<string, { dist: { integrity?: string; tarball: string } }>
}

export interface RegistryAccess {
  /** Throws `NpmError`. */
  packument(name: string, options: CancelOptions): Promise<Packument>
  /** The tarball's bytes, through npm's cache; checked against `integrity` whenever they are read. Throws `NpmError`. */
  tarball(name: string, version: string, integrity: string, options: CancelOptions): Promise<Source>
}

export function registryAccess(config: NpmConfig): RegistryAccess {
  return {
    async packument(name, { signal }) {
      throwIfAborted(signal)
      const { default: pacote } = await import('pacote')
      const settings = {
        ...config.flatOptions(),
        ...withoutCache,
        fullMetadata: false,
        signal: AbortSignal.any([signal]),
      }
      try {
        return await pacote.packument(name, settings)
      } catch (error) {
        throw packageFailure({ name }, error, signal)
      }
    },
    async tarball(name, version, integrity, { signal }) {
      throwIfAborted(signal)
      try {
        const size =
          (await cachedSize(config.cacheFolder, integrity)) ??
          (await fetchIntoCache(`${name}@${version}`, integrity, config, signal))
        return (opened) => cachedBytes(config.cacheFolder, integrity, size, opened.signal)
      } catch (error) {
        throw packageFailure({ name, version, integrity }, error, signal)
      }
    },
  }
}

async function fetchIntoCache(
  spec: string,
  integrity: string,
  config: NpmConfig,
  signal: AbortSignal,
): Promise<number> {
  const [{ default: pacote }, { default: cacache }] = await Promise.all([import('pacote'), import('cacache')])
  const settings = { ...config.flatOptions(), ...withoutCache, integrity, signal: AbortSignal.any([signal]) }
  const bytes = await pacote.tarball(spec, settings)
  await cacache.put(config.cacheFolder, `pacote:tarball:${spec}`, bytes, { integrity })
  return bytes.byteLength
}
