import { type CancelOptions, type Finding, InternalError } from '../../base/index.ts'
import type { Configuration } from '../configuration/configuration.ts'
import type { ContextEntry } from '../context/walk-context.ts'
import type { PackageJson } from '../package-json.ts'

/** Which rule decides what goes into the image, known before the build where it can be. */
export interface OutputSelection {
  by: 'include' | 'files' | 'next-standalone' | 'detected' | 'context'
  /** one line for `everyarch plan`: `files of package.json: dist, public` */
  reason: string
  /** what the rule selects, for people: globs or folders */
  selects: readonly string[]
}

export interface SelectOutputsOptions extends CancelOptions {
  packageJson: PackageJson
  include?: Configuration['include']
  /** folders of other workspaces that the built one links to, relative to the root */
  workspaces?: readonly string[]
  /** whether a build runs first: without one the sources themselves are the output */
  built: boolean
}

/** Before the build: what will go into the image and why, from configuration files alone. `folder` is the package's. */
export async function planOutputs(folder: string, options: SelectOutputsOptions): Promise<OutputSelection> {
  throw new InternalError(`not written yet ${folder} ${options.built}`)
}

export interface SelectedOutputs extends OutputSelection {
  /** sorted, parents included, without node_modules; paths relative to `folder` */
  entries: ContextEntry[]
  /** secrets that were left out, … */
  findings: Finding[]
}

/** After the build: the files of the app layer, taken from the build folder. Throws `OUTPUT_MISSING`, `OUTPUT_INVALID`. */
export async function collectOutputs(
  folder: string,
  options: SelectOutputsOptions,
): Promise<SelectedOutputs> {
  throw new InternalError(`not written yet ${folder} ${options.built}`)
}
