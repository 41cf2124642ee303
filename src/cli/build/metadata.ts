import type { ImageReport } from '../../pipeline/index.ts'

/** What `--metadata-file` holds: the keys that `docker buildx build` writes, so that pipelines need not change. */
export function buildMetadata(report: ImageReport): Record<string, unknown> {
  const { digest, mediaType, size } = report
  return {
    'containerimage.digest': digest,
    'containerimage.descriptor': { mediaType, digest, size },
    ...(report.published.length > 0
      ? { 'image.name': report.published.map(({ reference }) => reference).join(',') }
      : {}),
  }
}
