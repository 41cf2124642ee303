import { type CancelOptions, InternalError } from '../base/index.ts'
import type { InstalledTree } from './install-tree.ts'
import type { NpmConfig } from './npm-config.ts'

export interface RunInstallScriptsOptions extends CancelOptions {
  folder: string
  config: NpmConfig
  onOutput: (stream: 'stdout' | 'stderr', line: string) => void
}

/**
 * Runs the dependencies' install scripts with the user's npm (`npm rebuild`), as `npm ci` would after unpacking: none when
 * `ignore-scripts` is set or nothing has one. Returns the names of the packages that were rebuilt. Throws `NpmError`
 * `NPM_INSTALL_SCRIPTS_FAILED` or `NPM_MISSING`.
 */
export async function runInstallScripts(
  tree: InstalledTree,
  options: RunInstallScriptsOptions,
): Promise<readonly string[]> {
  throw new InternalError(`not written yet ${tree.packages} ${options.folder}`)
}
