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
      const { default: pacote } = await import('pacote')
      return pacote.packument(name, { ...config.flatOptions(), fullMetadata: false })
    },
    async tarball(name, version, integrity, { signal }) {
      const { default: cacache } = await import('cacache')
      if (!(await cacache.get.hasContent(config.cacheFolder, integrity))) {
        throwIfAborted(signal)
        const { default: pacote } = await import('pacote')
        // Reading it to the end is what puts it into npm's cache.
        await pacote.tarball.stream(`${name}@${version}`, drain, { ...config.flatOptions(), integrity })
      }
      return async function* (options) {
        for await (const chunk of cacache.get.stream.byDigest(config.cacheFolder, integrity)) {
          throwIfAborted(options.signal)
          yield chunk
        }
      }
    },
  }
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}
