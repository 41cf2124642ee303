import { type CancelOptions, InternalError } from '../../base/index.ts'
import type { PackageJson } from '../package-json.ts'
import type { Configuration } from './configuration.ts'

export interface ReadConfigurationOptions extends CancelOptions {
  /** the root's package.json, whose `everyarch` key is the other place a configuration can stand */
  packageJson: PackageJson
  /** a file named on the command line, relative to the root; it must exist */
  file?: string
}

export interface FoundConfiguration {
  configuration: Configuration
  /** `everyarch.config.json`, `package.json` or the named file; absent when there is none */
  file?: string
}

/**
 * The project's configuration, checked against the schema. Unknown keys, wrong types and duplicate keys are errors that name
 * line, column and JSON path. Throws `ProjectError` `CONFIGURATION_INVALID`, `CONFIGURATION_MISSING` (a named file that
 * does not exist) or `CONFIGURATION_AMBIGUOUS` (both places are used).
 */
export async function readConfiguration(
  root: string,
  options: ReadConfigurationOptions,
): Promise<FoundConfiguration> {
  throw new InternalError(`not written yet ${root} ${options.file}`)
}
