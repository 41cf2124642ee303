/** Flags over file. */
import type { Configuration, ImageSettings } from './configuration.ts'

/**
 * Flags over file. Lists and single values of the flags replace the file's; `image.env`, `image.labels` and
 * `image.annotations` are merged key by key; `verify.ignore` is joined. A flag's entrypoint drops the file's cmd, as
 * `docker run --entrypoint` does: arguments of one command mean nothing to another. Keys that are undefined count as absent.
 */
export function mergeConfiguration(file: Configuration, flags: Configuration): Configuration {
  const merged = overlay(file, flags)
  const image = mergeImage(file.image, flags.image)
  const ignore = [...(file.verify?.ignore ?? []), ...(flags.verify?.ignore ?? [])]
  return {
    ...merged,
    ...(image ? { image } : {}),
    ...(ignore.length > 0 ? { verify: { ignore } } : {}),
    ...((file.registry ?? flags.registry)
      ? { registry: overlay(file.registry ?? {}, flags.registry ?? {}) }
      : {}),
  }
}

function mergeImage(
  file: ImageSettings | undefined,
  flags: ImageSettings | undefined,
): ImageSettings | undefined {
  if (!file || !flags) return file ?? flags
  const merged = overlay(file, flags)
  for (const key of ['env', 'labels', 'annotations'] as const) {
    if (file[key] || flags[key]) merged[key] = { ...file[key], ...flags[key] }
  }
  if (flags.entrypoint && !flags.cmd) delete merged.cmd
  return merged
}

function overlay<T extends object>(under: T, over: T): T {
  const given = Object.entries(over).filter(([, value]) => value !== undefined)
  return { ...under, ...(Object.fromEntries(given) as T) }
}
