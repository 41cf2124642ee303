/**
 * The end of the road for images that were built on several machines: parts → one index → verify → smoke → tags. What a
 * digest file vouches for is not proved again.
 */
import type { CancelOptions } from '../base/index.ts'
import { formatPlatform, parsePlatform, type Platform, type Reference, samePlatform } from '../oci/index.ts'
import { type ImageReader, openReader, type UnpublishedImage } from '../store/index.ts'
import type { IgnoreEntry } from '../verify/index.ts'
import { proveImage } from './gate/prove-image.ts'
import { recordTests } from './gate/record-tests.ts'
import type { SmokeRequest, SmokeStationTools } from './gate/smoke-station.ts'
import { describeImage, type ImageReport } from './image-report.ts'
import { type DigestFile, referenceOf } from './merge/digest-file.ts'
import { mergeImages } from './merge/merge-images.ts'
import { PipelineError } from './pipeline-error.ts'
import { platformDigests } from './platform-digests.ts'
import { publishImage, type PublishTools } from './publish-image.ts'
import { stopwatch } from './stopwatch.ts'

/** Where platforms come from: a digest file with its proofs, or a reference with a digest and none. */
export type PublishSource = { digestFile: DigestFile } | { reference: Reference }

export interface PublishRequest {
  sources: readonly PublishSource[]
  /** names in registries that point at the merged image afterwards */
  tags: readonly Reference[]
  /** platforms that the image must have, no more and no fewer; absent: those of the sources */
  platforms?: readonly Platform[]
  ignore: readonly IgnoreEntry[]
  /** absent: platforms that nobody tested go out as untested, and that is recorded */
  smoke?: SmokeRequest
}

/** As for `build`: a closed gate is a report, not a failure. Throws `PipelineError` and the coded errors of the stations. */
export async function publish(
  request: PublishRequest,
  tools: SmokeStationTools & PublishTools,
  { signal }: CancelOptions,
): Promise<ImageReport> {
  const { sources, tags, ignore, smoke } = request
  const { times, timed } = stopwatch()
  const image = await timed('merge', () => openSources(sources, tools, { signal }))
  try {
    checkPromise(image, sources, request.platforms)
    const vouched = (what: 'verified' | 'tested') => vouchedPlatforms(image, sources, what)
    const proof = await proveImage(
      image,
      {
        ignore,
        recordUntested: true,
        verifiedBefore: vouched('verified'),
        testedBefore: vouched('tested'),
        ...(smoke ? { smoke } : {}),
      },
      tools,
      { timed, signal },
    )
    const proved = recordTests(image, proof)
    const report = await describeImage(proved, proof, { signal })
    if (!proof.open) return { ...report, times }
    const mountFrom = sources.map((source) =>
      'reference' in source ? source.reference : referenceOf(source.digestFile),
    )
    const published = await timed('publish', () =>
      publishImage(proved, { tags, push: 'tags', outputs: [] }, tools, { mountFrom, signal }),
    )
    return { ...report, ...published, times }
  } finally {
    await image.reader.close()
  }
}

async function openSources(
  sources: readonly PublishSource[],
  { stores }: PublishTools,
  { signal }: CancelOptions,
): Promise<UnpublishedImage> {
  const readers: ImageReader[] = []
  for (const source of sources) {
    const reference = 'reference' in source ? source.reference : referenceOf(source.digestFile)
    // Asked of the registry, not of the cache: what is published must be there now.
    readers.push(await openReader({ transport: 'docker', reference }, stores, { signal }))
  }
  return mergeImages('the merged image', readers, { signal })
}

/** The promise is kept in both directions: what a digest file or the user named is there, and nothing else is. */
function checkPromise(
  { platforms }: UnpublishedImage,
  sources: readonly PublishSource[],
  wanted: readonly Platform[] | undefined,
): void {
  const names = platforms.map(formatPlatform)
  const promised = sources.flatMap((source) =>
    'digestFile' in source ? source.digestFile.platforms.map(({ platform }) => parsePlatform(platform)) : [],
  )
  const missing = [...(wanted ?? []), ...promised]
    .map(formatPlatform)
    .filter((platform) => !names.includes(platform))
  const surplus = wanted
    ? platforms.filter((platform) => !wanted.some((one) => samePlatform(one, platform))).map(formatPlatform)
    : []
  if (missing.length === 0 && surplus.length === 0) return
  const parts = [
    ...(missing.length > 0 ? [`lacks ${[...new Set(missing)].join(', ')}`] : []),
    ...(surplus.length > 0 ? [`has ${surplus.join(', ')}, which nobody asked for`] : []),
  ]
  throw new PipelineError('MERGE_PROMISE_BROKEN', `the merged image ${parts.join(' and ')}`, {
    kind: 'usage',
    hint: `the images that were given have ${names.join(', ')}; give the digest file of every platform, and nothing was tagged`,
    details: { missing, surplus, platforms: names },
  })
}

/** Platforms whose manifest is the very one that a digest file vouches for. */
function vouchedPlatforms(
  image: UnpublishedImage,
  sources: readonly PublishSource[],
  what: 'verified' | 'tested',
): Platform[] {
  const digests = platformDigests(image.reader)
  const claims = sources.flatMap((source) => ('digestFile' in source ? source.digestFile.platforms : []))
  return image.platforms.filter((platform) =>
    claims.some(
      (claim) =>
        claim[what] &&
        claim.platform === formatPlatform(platform) &&
        digests.get(claim.platform) === claim.digest,
    ),
  )
}
