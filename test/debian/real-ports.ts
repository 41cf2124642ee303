/** The real world for tests of the assembled base: this machine's apt sources, mirror, npm and a cache of their own. */
import { join } from 'node:path'
import type { CancelOptions } from '../../src/base/index.ts'
import type { BaseLayer, DebianPorts } from '../../src/debian/index.ts'
import { loadNpmConfig, registryAccess } from '../../src/npm/index.ts'
import { openCache } from '../../src/store/index.ts'
import { writeTar } from '../../src/tar/index.ts'
import { cacheFolder } from '../engines/cache.ts'
import { pipe } from './pipe.ts'

export const options: CancelOptions = { signal: new AbortController().signal }

export async function realPorts(): Promise<DebianPorts> {
  const npm = await loadNpmConfig({ projectFolder: import.meta.dirname, env: process.env, ...options })
  return {
    http: (url, init) => fetch(url, init),
    cache: openCache(join(cacheFolder, 'debian-packages')),
    npm: registryAccess(npm),
    hostRoot: '/',
    now: () => new Date(),
  }
}

/** Unpacks layers one over the other with GNU tar, as a container engine would. Needs root, for owners. */
export async function unpackLayers(layers: readonly BaseLayer[], folder: string): Promise<void> {
  for (const layer of layers) {
    const flags = ['--extract', '--numeric-owner', '--same-permissions', '--directory', folder]
    await pipe(writeTar(layer.entries(options), options), 'tar', flags)
  }
}
