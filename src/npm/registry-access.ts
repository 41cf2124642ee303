/** Packages by name and version straight from npm's registry, for what is no dependency of the project. */
import { type CancelOptions, type Source, throwIfAborted } from '../base/index.ts'
import type { NpmConfig } from './npm-config.ts'

/** A packument as far as a version has to be chosen. */
export interface Packument {
  versions: Record<string, { dist: { integrity?: string; tarball: string } }>
}

export interface RegistryAccess {
  packument(name: string, options: CancelOptions): Promise<Packument>
  /** The tarball's bytes, through npm's cache; checked against `integrity` whenever they are read. */
  tarball(name: string, version: string, integrity: string, options: CancelOptions): Promise<Source>
}

export function registryAccess(config: NpmConfig): RegistryAccess {
  return {
    async packument(name, { signal }) {
      throwIfAborted(signal)
      const { packument } = await import('pacote')
      return packument(name, { ...config.flat, fullMetadata: false })
    },
    async tarball(name, version, integrity, { signal }) {
      const cacache = await import('cacache')
      if (!(await cacache.get.hasContent(config.cacheFolder, integrity))) {
        throwIfAborted(signal)
        const { tarball } = await import('pacote')
        // Reading it to the end is what puts it into npm's cache.
        await tarball.stream(`${name}@${version}`, drain, { ...config.flat, integrity })
      }
      return async function* (options) {
        for await (const chunk of cacache.get.stream.byDigest(config.cacheFolder, integrity)) {
          throwIfAborted(options.signal)
          yield chunk as Uint8Array
        }
      }
    },
  }
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
