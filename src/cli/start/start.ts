/** The first file that runs: starts the command line's program, from its compiled form where an earlier run left one. */
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeCacheSettings } from './code-cache-settings.ts'
import { compileScript } from './code-cache.ts'

/** Made by scripts/build.mjs from main.ts: a function of what Node gives to every CommonJS module. */
type Program = (
  exports: { main?: () => Promise<void> },
  require: NodeJS.Require,
  module: { exports: unknown },
  file: string,
  folder: string,
) => void

const file = fileURLToPath(new URL('program.cjs', import.meta.url))
const script = compileScript(file, codeCacheSettings(process.argv.slice(2), process.env, homedir()))
const module = { exports: {} as { main: () => Promise<void> } }
;(script.value as Program)(module.exports, createRequire(file), module, file, dirname(file))
await module.exports.main()
script.keep()
