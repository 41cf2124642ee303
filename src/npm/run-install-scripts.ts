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
 * `ignore-scripts` is set or nothing has one; which of them may run is npm's own decision (`allowScripts`). Those of optional
 * packages may fail. Returns the locations of the packages whose scripts ended well. Throws `NpmError`
 * `NPM_INSTALL_SCRIPTS_FAILED` or `NPM_MISSING`.
 */
export async function runInstallScripts(
  { scripted }: InstalledTree,
  options: RunInstallScriptsOptions,
): Promise<readonly string[]> {
  if (options.config.ignoreScripts) return []
  const required = scripted.filter(({ optional }) => !optional).map(({ location }) => location)
  const done: string[] = []
  if (required.length > 0) {
    const { code, tail } = await rebuild(required, options)
    if (code !== 0) throw scriptsFailed(required, code, tail)
    done.push(...required)
  }
  // `npm rebuild` knows no optional packages: each goes alone, so that it can fail alone.
  for (const { location } of scripted.filter(({ optional }) => optional)) {
    const { code } = await rebuild([location], options)
    if (code === 0) done.push(location)
    else
      options.onOutput(
        'stderr',
        `${location} is optional: the build goes on without what its script would have made`,
      )
  }
  return done
}

async function rebuild(
  locations: readonly string[],
  { folder, config, onOutput, signal }: RunInstallScriptsOptions,
): Promise<{ code: number; tail: readonly string[] }> {
  const tail: string[] = []
  const code = await runNpm({
    args: ['rebuild', '--foreground-scripts', ...locations.map((location) => `./${location}`)],
    folder,
    env: config.env,
    signal,
    onOutput: (stream, line) => {
      tail.push(line)
      if (tail.length > keptLines) tail.shift()
      onOutput(stream, line)
    },
  })
  return { code, tail }
}

function scriptsFailed(packages: readonly string[], code: number, output: readonly string[]): NpmError {
  return new NpmError(
    'NPM_INSTALL_SCRIPTS_FAILED',
    `install scripts of dependencies failed (npm rebuild: exit code ${code})`,
    {
      kind: 'environment',
      hint: [
        ...output.map((line) => `| ${line}`),
        'they run on this machine, for the build only; `ignore-scripts=true` in .npmrc does without them',
      ].join('\n'),
      details: { code, packages, output },
    },
  )
}
