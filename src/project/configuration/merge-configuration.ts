import { InternalError } from '../../base/index.ts'
import type { Configuration } from './configuration.ts'

/**
 * Flags over file. Lists and single values of the flags replace the file's; `image.env`, `image.labels` and
 * `image.annotations` are merged key by key; `verify.ignore` is joined.
 */
export function mergeConfiguration(file: Configuration, flags: Configuration): Configuration {
  throw new InternalError(`not written yet ${file.build} ${flags.build}`)
}
