/** What `node` is told to run: its arguments, read as node reads them. */

export interface NodeArguments {
  /** the file or folder to run; absent when node gets code or only prints something */
  main?: string
  /** modules that are loaded before it */
  preloads: string[]
}

const preloadOptions = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader'])
const valueOptions = new Set([
  '-C',
  '--conditions',
  '--env-file',
  '--env-file-if-exists',
  '--input-type',
  '--title',
])
/** Options with which node runs no file, or finds it by itself. */
const withoutMain = new Set([
  '-e',
  '--eval',
  '-p',
  '--print',
  '-v',
  '--version',
  '-h',
  '--help',
  '--run',
  '--test',
  '-i',
  '--check',
])

export function readNodeArguments(args: readonly string[]): NodeArguments {
  const preloads: string[] = []
  for (let at = 0; at < args.length; at++) {
    const [option, inline] = splitOption(args[at] ?? '')
    if (!option.startsWith('-') || option === '-')
      return option === '-' ? { preloads } : { main: args[at] ?? '', preloads }
    if (option === '--')
      return { ...(args[at + 1] === undefined ? {} : { main: args[at + 1] ?? '' }), preloads }
    if (withoutMain.has(option)) return { preloads }
    if (preloadOptions.has(option)) preloads.push(inline ?? args[++at] ?? '')
    else if (valueOptions.has(option) && inline === undefined) at++
  }
  return { preloads }
}

function splitOption(arg: string): [option: string, value: string | undefined] {
  const equals = arg.startsWith('--') ? arg.indexOf('=') : -1
  return equals < 0 ? [arg, undefined] : [arg.slice(0, equals), arg.slice(equals + 1)]
}
