import type { ImageConfig } from '../oci/index.ts'

const maxLength = 300

/** The line of the image's history that made each layer; undefined where the history does not say. */
export function historyLines({ history }: ImageConfig, layers: number): (string | undefined)[] {
  const lines = (history ?? [])
    .filter((entry) => entry?.empty_layer !== true)
    .map((entry) => (typeof entry?.created_by === 'string' ? entry.created_by : undefined))
  // A history of another length belongs to other layers: it would name the wrong ones.
  if (lines.length !== layers) return Array.from({ length: layers }, () => undefined)
  return lines.map(
    (line) =>
      line
        ?.replace(/^\/bin\/sh -c (?:#\(nop\) +)?/, '')
        .trim()
        .slice(0, maxLength) || undefined,
  )
}
