/** The node-gyp that compiles: everyarch's own, so that what is made does not depend on what a machine has installed. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Its folder. */
export function nodeGypFolder(): string {
  return dirname(dirname(require.resolve('node-gyp/bin/node-gyp.js')))
}

/** Its program. */
export function nodeGypProgram(): string {
  return join(nodeGypFolder(), 'bin/node-gyp.js')
}

/** Its version, which decides what it writes. */
export function nodeGypVersion(): string {
  return (require(join(nodeGypFolder(), 'package.json')) as { version: string }).version
}
