/** One platform: its layers read, laid over one another, judged; or the verdict of an earlier run on the same bytes. */
import { type Finding, mapConcurrently } from '../base/index.ts'
import { formatPlatform, type ImageConfig, type Manifest, type Platform } from '../oci/index.ts'
import { historyLines } from './history-lines.ts'
import { platformOf } from './index-view.ts'
import type { LayerReader } from './layer/layer-reader.ts'
import { runLayerRule, runPlatformRule } from './observations.ts'
import { type ImageLayer, PlatformImage } from './platform-image.ts'
import type { IndexEntry, LayerReading } from './rule.ts'
import { layerRules, platformRules, rulesVersion } from './rules/rules.ts'
import type { VerifyOptions } from './verify-image.ts'
import type { ContentSummary, LayerSummary, PlatformSummary } from './verify-report.ts'

export interface PlatformVerdict {
  summary: PlatformSummary
  findings: Finding[]
}

/** What is recorded of a verdict: everything that follows from the bytes alone. */
interface RecordedVerdict {
  findings: Finding[]
  content?: ContentSummary
}

const area = 'verify-verdict'
const concurrentLayers = 4

export async function verifyPlatform(
  entry: IndexEntry,
  layers: LayerReader,
  options: VerifyOptions,
): Promise<PlatformVerdict> {
  const start = performance.now()
  const { descriptor, manifest, config } = entry
  const platform = platformOf(entry) as Platform
  const judged = { platform, manifest: manifest as Manifest, config: config as ImageConfig }
  const trusted = judged.config.rootfs.diff_ids.map((diffId) => options.trustedLayers?.has(diffId) ?? false)
  const key = JSON.stringify([rulesVersion, descriptor.digest, formatPlatform(platform), trusted])
  const known = await options.records?.record(area, key)
  const verdict = isVerdict(known) ? known : await judge(judged, trusted, layers, options)
  const isComplete = verdict.content !== undefined || platform.os !== 'linux'
  if (!isVerdict(known) && isComplete) await options.records?.setRecord(area, key, verdict)
  const lines = historyLines(judged.config, judged.manifest.layers.length)
  return {
    findings: verdict.findings,
    summary: {
      platform: formatPlatform(platform),
      digest: descriptor.digest,
      bytes: judged.manifest.layers.reduce((sum, { size }) => sum + size, 0),
      layers: judged.manifest.layers.map((layer, index) =>
        layerSummary(layer, lines[index], trusted[index] ?? false),
      ),
      ...(verdict.content ? { content: verdict.content } : {}),
      recorded: isVerdict(known),
      milliseconds: Math.round(performance.now() - start),
    },
  }
}

interface Judged {
  platform: Platform
  manifest: Manifest
  config: ImageConfig
}

async function judge(
  { platform, manifest, config }: Judged,
  trusted: readonly boolean[],
  layers: LayerReader,
  { signal }: VerifyOptions,
): Promise<RecordedVerdict> {
  const { diff_ids: diffIds } = config.rootfs
  const lines = historyLines(config, manifest.layers.length)
  const readings = await mapConcurrently(
    manifest.layers,
    concurrentLayers,
    async (descriptor, index): Promise<LayerReading> => {
      const diffId = diffIds[index]
      return { ...(await layers.read(descriptor)), ...(diffId ? { diffId } : {}) }
    },
    { signal },
  )
  const findings = layerRules.flatMap((rule) => runLayerRule(rule, platform, readings, lines))
  // Windows layers hold another file system; where a layer is missing, every conclusion would be wrong.
  if (platform.os !== 'linux' || readings.some(({ facts }) => facts === undefined)) return { findings }
  const image = new PlatformImage(
    platform,
    manifest,
    config,
    readings.map((reading, index) => imageLayer(reading, lines[index], trusted[index] ?? false)),
  )
  findings.push(...platformRules.flatMap((rule) => runPlatformRule(rule, image)))
  return { findings, content: contentSummary(image) }
}

function imageLayer(
  { descriptor, facts }: LayerReading,
  createdBy: string | undefined,
  trusted: boolean,
): ImageLayer {
  const known = facts ?? { diffId: '', size: 0, members: [] }
  return { descriptor, facts: known, trusted, ...(createdBy ? { createdBy } : {}) }
}

function layerSummary(
  { digest, size }: Manifest['layers'][number],
  createdBy: string | undefined,
  trusted: boolean,
): LayerSummary {
  return { digest, bytes: size, ...(createdBy ? { createdBy } : {}), sharedWith: [], trusted }
}

function contentSummary(image: PlatformImage): ContentSummary {
  const { node, binaries, libc } = image
  let files = 0
  for (const { type } of image.tree.nodes()) if (type === 'file') files++
  const loaded = binaries.filter(({ role, content }) => role === 'loaded' && content.kind === 'elf')
  return {
    files,
    binaries: loaded.length,
    addons: loaded.filter(({ content }) => content.kind === 'elf' && content.elf.addon !== undefined).length,
    foreign: binaries.filter(({ role }) => role === 'foreign').length,
    ...(node
      ? {
          node: {
            ...(node.version ? { version: node.version } : {}),
            ...(node.abi ? { abi: node.abi } : {}),
          },
        }
      : {}),
    ...(libc ? { libc } : {}),
  }
}

function isVerdict(value: unknown): value is RecordedVerdict {
  const verdict = value as Partial<RecordedVerdict> | undefined
  return typeof verdict === 'object' && verdict !== null && Array.isArray(verdict.findings)
}
