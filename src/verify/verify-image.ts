/**
 * Proves an image from its bytes: every platform's manifest, configuration and layers are read from the store as streams,
 * each layer once; then rules judge the documents and the file system that a container would see.
 */
import {
  type CancelOptions,
  type Finding,
  mapConcurrently,
  type Progress,
  silent,
  sortFindings,
} from '../base/index.ts'
import { canServe, type Digest, formatPlatform, type Platform } from '../oci/index.ts'
import type { ImageReader } from '../store/index.ts'
import { applyIgnore, type IgnoreEntry } from './ignore.ts'
import { platformOf, readIndexView } from './index-view.ts'
import { LayerReader, type VerifyRecords } from './layer/layer-reader.ts'
import type { LayerLimits } from './layer/read-layer.ts'
import { runIndexRule } from './observations.ts'
import { indexRules } from './rules/rules.ts'
import type { IndexEntry, IndexView } from './rule.ts'
import { type PlatformVerdict, verifyPlatform } from './verify-platform.ts'
import type { LayerSummary, PlatformSummary, VerifyReport } from './verify-report.ts'

export interface VerifyOptions extends CancelOptions {
  /** verify these only; each that the image lacks is a finding. Absent: all that the image has */
  platforms?: readonly Platform[]
  /** platforms that the image must have, whether or not they are verified */
  requirePlatforms?: readonly Platform[]
  /** the digest that the name must point at */
  expectDigest?: Digest
  /** diffIDs of layers whose files were verified before (a base's, see `layersOf`): they count for others, and are not checked */
  trustedLayers?: ReadonlySet<string>
  ignore?: readonly IgnoreEntry[]
  /** where facts and verdicts are kept: content that did not change costs nothing the second time */
  records?: VerifyRecords
  limits?: LayerLimits
  progress?: Progress
}

/** Findings are values in the report; throws only what has nothing to do with the image: network, disk, credentials, interruption. */
export async function verifyImage(reader: ImageReader, options: VerifyOptions): Promise<VerifyReport> {
  const start = performance.now()
  const { signal, platforms, requirePlatforms, expectDigest } = options
  const required = [...(platforms ?? []), ...(requirePlatforms ?? [])]
  const unique = [...new Map(required.map((platform) => [formatPlatform(platform), platform])).values()]
  const index = await readIndexView(reader, {
    required: unique,
    signal,
    ...(expectDigest ? { expectedDigest: expectDigest } : {}),
  })
  const findings = indexRules.flatMap((rule) => runIndexRule(rule, index))
  const selected = selectEntries(index, platforms)
  const verdicts = await verifyEntries(reader, selected, options)
  const summaries = withSharing(verdicts.map(({ summary }) => summary))
  const all = [...findings, ...verdicts.flatMap((verdict) => verdict.findings)]
  const { remaining, ignored } = applyIgnore(all, options.ignore ?? [])
  const count = (severity: Finding['severity']) =>
    remaining.filter((finding) => finding.severity === severity).length
  return {
    image: reader.name,
    digest: reader.root.descriptor.digest,
    mediaType: reader.root.descriptor.mediaType,
    platforms: summaries,
    attestations: index.attestations,
    findings: sortFindings(remaining),
    ignored,
    counts: {
      errors: count('error'),
      warnings: count('warning'),
      infos: count('info'),
      ignored: all.length - remaining.length,
    },
    shared: sharedByAll(summaries),
    milliseconds: Math.round(performance.now() - start),
  }
}

/** Entries that were asked for, those that cannot be read left out: a rule has named them. */
function selectEntries({ entries }: IndexView, platforms: readonly Platform[] | undefined): IndexEntry[] {
  return entries.filter((entry) => {
    const platform = platformOf(entry)
    if (platform === undefined || entry.manifest === undefined) return false
    return platforms === undefined || platforms.some((wanted) => canServe(platform, wanted))
  })
}

/** Layers are shared between platforms, so they are read through one reader and forgotten after their last platform. */
async function verifyEntries(
  reader: ImageReader,
  entries: readonly IndexEntry[],
  options: VerifyOptions,
): Promise<PlatformVerdict[]> {
  const { signal, progress = silent, records, limits } = options
  const id = 'verify'
  const total = new Map(
    entries.flatMap(({ manifest }) => manifest?.layers ?? []).map(({ digest, size }) => [digest, size]),
  )
  progress({
    type: 'start',
    id,
    station: 'verify',
    text: reader.name,
    total: [...total.values()].reduce((sum, size) => sum + size, 0),
    unit: 'bytes',
  })
  let done = 0
  const layers = new LayerReader(reader, {
    signal,
    ...(records ? { records } : {}),
    ...(limits ? { limits } : {}),
    onBytes: (bytes) => progress({ type: 'advance', id, done: (done += bytes) }),
  })
  const waiting = new Map<Digest, number>()
  for (const { manifest } of entries) {
    for (const { digest } of manifest?.layers ?? []) waiting.set(digest, (waiting.get(digest) ?? 0) + 1)
  }
  // One platform after another: its layers are read concurrently, and its file system is gone before the next one's is made.
  const verdicts = await mapConcurrently(
    entries,
    1,
    async (entry) => {
      const verdict = await verifyPlatform(entry, layers, options)
      for (const { digest } of entry.manifest?.layers ?? []) {
        const left = (waiting.get(digest) ?? 1) - 1
        waiting.set(digest, left)
        if (left === 0) layers.forget(digest)
      }
      return verdict
    },
    { signal },
  )
  progress({ type: 'end', id, text: reader.name })
  return verdicts
}

function withSharing(summaries: readonly PlatformSummary[]): PlatformSummary[] {
  const owners = new Map<Digest, string[]>()
  for (const { platform, layers } of summaries) {
    for (const { digest } of layers) owners.set(digest, [...(owners.get(digest) ?? []), platform])
  }
  const shared = (layer: LayerSummary, platform: string) =>
    [...new Set(owners.get(layer.digest))].filter((owner) => owner !== platform)
  return summaries.map((summary) => ({
    ...summary,
    layers: summary.layers.map((layer) => ({ ...layer, sharedWith: shared(layer, summary.platform) })),
  }))
}

function sharedByAll(summaries: readonly PlatformSummary[]): VerifyReport['shared'] {
  const [first, ...others] = summaries
  if (first === undefined || others.length === 0) return { layers: 0, bytes: 0 }
  const everywhere = first.layers.filter(({ sharedWith }) => sharedWith.length === others.length)
  return { layers: everywhere.length, bytes: everywhere.reduce((sum, { bytes }) => sum + bytes, 0) }
}
