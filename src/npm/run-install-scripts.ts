import type { CancelOptions } from '../base/index.ts'
import type { InstalledTree } from './install-tree.ts'
import type { NpmConfig } from './npm-config.ts'
import { NpmError } from './npm-error.ts'
import { runNpm } from './run-npm.ts'

export interface RunInstallScriptsOptions extends CancelOptions {
  folder: string
  config: NpmConfig
  onOutput: (stream: 'stdout' | 'stderr', line: string) => void
}

/** Lines of a failed run that the error repeats. */
const keptLines = 20

/**
 * Runs the dependencies' install scripts with the user's npm (`npm rebuild`), as `npm ci` would after unpacking: none when
 * `ignore-scripts` is set or nothing has one; which of them may run is npm's own decision (`allowScripts`). Returns the
 * locations of the packages that were handed to npm. Throws `NpmError` `NPM_INSTALL_SCRIPTS_FAILED` or `NPM_MISSING`.
 */
export async function runInstallScripts(
  { scripted }: InstalledTree,
  { folder, config, onOutput, signal }: RunInstallScriptsOptions,
): Promise<readonly string[]> {
  if (config.ignoreScripts || scripted.length === 0) return []
  const tail: string[] = []
  const code = await runNpm({
    args: ['rebuild', '--foreground-scripts', ...scripted.map((location) => `./${location}`)],
    folder,
    env: config.env,
    signal,
    onOutput: (stream, line) => {
      tail.push(line)
      if (tail.length > keptLines) tail.shift()
      onOutput(stream, line)
    },
  })
  if (code === 0) return scripted
  throw new NpmError(
    'NPM_INSTALL_SCRIPTS_FAILED',
    `install scripts of dependencies failed (npm rebuild: exit code ${code})`,
    {
      kind: 'environment',
      hint: [
        ...tail.map((line) => `| ${line}`),
        'they run on this machine, for the build only; `ignore-scripts=true` in .npmrc does without them',
      ].join('\n'),
      details: { code, packages: scripted, output: tail },
    },
  )
}
