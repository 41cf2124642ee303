/** Which files of a package a container may be started with. */
import type { PackageJson } from '../package-json.ts'
import { parseNodeArguments, scriptCandidates } from './node-arguments.ts'
import { resolveScript } from './resolve-script.ts'

/**
 * The files of the package that its start command needs: of each group the first one that exists. Empty when the command is
 * not Node's.
 */
export function startFiles(packageJson: PackageJson): string[][] {
  if (!packageJson.scripts.start)
    return [entryFiles(packageJson).flatMap(({ path }) => scriptCandidates(path))]
  const start = resolveScript(packageJson, 'start')
  if ('problem' in start || start.words[0] !== 'node') return []
  const { script, preloads } = parseNodeArguments(start.words.slice(1))
  return [...(script ? [scriptPaths(packageJson, script)] : []), ...preloads.map(scriptCandidates)]
}

/** Files that are started when there is no start script, in order of precedence. */
export function entryFiles(packageJson: PackageJson): { path: string; from: string }[] {
  const { bin, main, name } = packageJson
  const commands = Object.keys(bin)
  const command =
    commands.length === 1 ? commands[0] : commands.find((one) => one === name?.replace(/^@[^/]*\//, ''))
  return [
    ...(command === undefined ? [] : [{ path: bin[command] as string, from: `bin.${command}` }]),
    ...(main ? [{ path: main, from: 'main' }] : []),
    { path: 'server.js', from: 'server.js' },
    { path: 'index.js', from: 'index.js' },
    { path: '.output/server/index.mjs', from: '.output/server/index.mjs' },
  ]
}

/** The files that `node script` may mean; a folder means its package's main file when it is this package. */
export function scriptPaths(packageJson: PackageJson, script: string): string[] {
  const isPackage = /^\.\/*$/.test(script)
  return isPackage && packageJson.main ? scriptCandidates(packageJson.main) : scriptCandidates(script)
}
