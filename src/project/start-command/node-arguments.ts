/** The arguments of `node`: which of them is the script, and which files it loads before. */

/** Options whose value may stand in the next argument (node --help). */
const optionsWithValue = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '--env-file',
  '--env-file-if-exists',
  '--title',
  '--max-http-header-size',
  '--openssl-config',
  '--icu-data-dir',
  '--diagnostic-dir',
  '--cpu-prof-dir',
  '--heap-prof-dir',
  '--redirect-warnings',
  '--trace-event-categories',
  '--trace-event-file-pattern',
  '--watch-path',
  '--input-type',
  '--unhandled-rejections',
  '--dns-result-order',
  '--max-old-space-size',
  '--stack-trace-limit',
])
const preloadOptions = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader'])
const codeOptions = /^(?:-e|--eval|-p|--print|-pe|--test|-c|--check|-i|--interactive|-v|--version|-h|--help)$/

export interface NodeArguments {
  /** as written; absent for `node -e …` and a bare `node` */
  script?: string
  /** files of the project that Node reads first, as written: `./instrument.mjs` and `.env`, not package names */
  preloads: string[]
}

/** `args` is what follows `node`. */
export function parseNodeArguments(args: readonly string[]): NodeArguments {
  const preloads: string[] = []
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] as string
    if (argument === '--') return { preloads, ...scriptOf(args[at + 1]) }
    if (codeOptions.test(argument)) return { preloads }
    if (!argument.startsWith('-') || argument === '-') return { preloads, ...scriptOf(argument) }
    const equals = argument.indexOf('=')
    const name = equals < 0 ? argument : argument.slice(0, equals)
    const value =
      equals < 0 ? (optionsWithValue.has(name) ? args[++at] : undefined) : argument.slice(equals + 1)
    const isFile = name === '--env-file' || (preloadOptions.has(name) && value?.startsWith('.'))
    if (value !== undefined && isFile) preloads.push(value)
  }
  return { preloads }
}

function scriptOf(argument: string | undefined): { script?: string } {
  return argument === undefined || argument === '-' ? {} : { script: argument }
}

/** The files that Node looks for when it is told to run `script` (CommonJS resolution of a main file). */
export function scriptCandidates(script: string): string[] {
  const path = script.replace(/^(\.\/)+/, '').replace(/\/+$/, '')
  if (path === '' || path === '.') return ['index.js']
  if (/\.(?:[cm]?js|[cm]?ts|json|node)$|(?:^|\/)\.env[^/]*$/.test(path)) return [path]
  return [path, `${path}.js`, `${path}.json`, `${path}.node`, `${path}/index.js`]
}
