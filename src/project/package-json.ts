import { type CancelOptions, InternalError } from '../base/index.ts'

/** The parts of a package.json that decide how a service is built and started, each checked for its type. */
export interface PackageJson {
  /** the file as messages name it, relative to the project's root: `package.json`, `packages/api/package.json` */
  readonly file: string
  /** the whole document, for fields that are not listed here */
  readonly document: Readonly<Record<string, unknown>>
  readonly name?: string
  readonly version?: string
  readonly description?: string
  /** SPDX expression */
  readonly license?: string
  readonly homepage?: string
  /** `Name <mail>` */
  readonly author?: string
  /** the `url` of `repository`, as written there */
  readonly repository?: string
  readonly type: 'module' | 'commonjs'
  readonly main?: string
  /** command name → path; the text form is normalised to the package's own name without scope */
  readonly bin: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
  /** absent when the package has no `files`; an empty list is a list */
  readonly files?: readonly string[]
  /** globs of workspace folders, empty when there are none */
  readonly workspaces: readonly string[]
  readonly engines: Readonly<Record<string, string>>
}

/**
 * Reads `<root>/<folder>/package.json` (`folder` relative to `root`, `''` for the root itself).
 * Throws `ProjectError` `PROJECT_NOT_FOUND`, `PACKAGE_JSON_MISSING` or `PACKAGE_JSON_INVALID`.
 */
export async function readPackageJson(
  root: string,
  folder: string,
  options: CancelOptions,
): Promise<PackageJson> {
  throw new InternalError(`not written yet ${root} ${folder} ${options.signal.aborted}`)
}
