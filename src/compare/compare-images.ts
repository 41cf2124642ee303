/**
 * Compares two images file by file: the final file systems that containers would see, and what they are started with. How the
 * files are cut into layers, compressed and dated is left out: two builds of the same thing are the same.
 */
import { type CancelOptions, CodedError, mapConcurrently } from '../base/index.ts'
import { bestMatch, type Descriptor, formatPlatform, parsePlatform, type Platform } from '../oci/index.ts'
import { buildTree, type FileTree, type LayerMember } from '../rootfs/index.ts'
import type { ImageReader } from '../store/index.ts'
import { compareConfigs } from './compare-configs.ts'
import { compareTrees } from './compare-trees.ts'
import type { Comparison, FileDifference, NoiseDifference, PlatformComparison } from './comparison.ts'
import { noiseOf } from './noise.ts'
import { type FileIdentity, readLayerFiles } from './read-layer-files.ts'
import { type ImagePlatform, readPlatforms } from './read-platforms.ts'

export interface CompareOptions extends CancelOptions {
  /** compare these platforms only; both images must have them. Absent: all that either has */
  readonly platforms?: readonly Platform[]
  /** modification times count too */
  readonly times?: boolean
  /** known noise counts too */
  readonly strict?: boolean
}

const concurrentLayers = 2

/**
 * What differs, platform by platform. Differences are values; throws `CodedError` `COMPARE_NO_PLATFORM` when neither image has
 * a platform that was asked for, and what has to do with reading: store, network, content that is not what its digest says.
 */
export async function compareImages(
  a: ImageReader,
  b: ImageReader,
  options: CompareOptions,
): Promise<Comparison> {
  const { signal } = options
  const [inA, inB] = [await readPlatforms(a, { signal }), await readPlatforms(b, { signal })]
  const layers = new Map<string, Promise<LayerMember<FileIdentity>[]>>()
  const sides = { a: { reader: a, layers }, b: { reader: b, layers } }
  const platforms: PlatformComparison[] = []
  const missing: Comparison['missing'] = []
  for (const platform of platformsToCompare(inA, inB, options)) {
    const left = inA.find((image) => image.platform === platform)
    const right = inB.find((image) => image.platform === platform)
    if (left && right) platforms.push(await comparePlatform(left, right, sides, options))
    else missing.push({ platform, in: left ? 'b' : 'a' })
  }
  return {
    a: { name: a.name, digest: a.root.descriptor.digest },
    b: { name: b.name, digest: b.root.descriptor.digest },
    same: missing.length === 0 && platforms.every(({ same }) => same),
    platforms,
    missing,
  }
}

function platformsToCompare(
  a: readonly ImagePlatform[],
  b: readonly ImagePlatform[],
  { platforms }: CompareOptions,
): string[] {
  const all = [...new Set([...a, ...b].map(({ platform }) => platform))]
  if (!platforms) return all
  return platforms.map((wanted) => {
    const found = bestMatch(all, parsePlatform, wanted)
    if (found !== undefined) return found
    throw new CodedError('COMPARE_NO_PLATFORM', `neither image is for ${formatPlatform(wanted)}`, {
      kind: 'usage',
      hint: `they are for ${all.join(', ')}`,
    })
  })
}

interface Side {
  reader: ImageReader
  /** layers by digest: those that sides and platforms share are read once */
  layers: Map<string, Promise<LayerMember<FileIdentity>[]>>
}

async function comparePlatform(
  a: ImagePlatform,
  b: ImagePlatform,
  sides: { a: Side; b: Side },
  options: CompareOptions,
): Promise<PlatformComparison> {
  const config = compareConfigs(a.config, b.config)
  const sameLayers =
    a.config.rootfs.diff_ids.length > 0 && a.config.rootfs.diff_ids.join() === b.config.rootfs.diff_ids.join()
  if (sameLayers) {
    const nothing = { differences: [], noise: [], times: 0, entries: { a: 0, b: 0 } }
    return { platform: a.platform, same: config.length === 0, sameLayers, config, ...nothing }
  }
  const found = compareTrees(await treeOf(a, sides.a, options), await treeOf(b, sides.b, options))
  const counted = options.times ? [...found.differences, ...found.times] : found.differences
  const { differences, noise } = withoutNoise(counted, options)
  return {
    platform: a.platform,
    same: config.length === 0 && differences.length === 0,
    sameLayers,
    entries: found.entries,
    differences,
    noise,
    config,
    times: found.times.length,
  }
}

async function treeOf(
  { manifest }: ImagePlatform,
  { reader, layers }: Side,
  { signal }: CancelOptions,
): Promise<FileTree<FileIdentity>> {
  const read = (descriptor: Descriptor) => {
    const known = layers.get(descriptor.digest)
    if (known) return known
    const reading = readLayerFiles(reader.blob(descriptor), `layer ${descriptor.digest}`, { signal })
    layers.set(descriptor.digest, reading)
    return reading
  }
  const members = await mapConcurrently(manifest.layers, concurrentLayers, read, { signal })
  return buildTree(members.map((each) => ({ members: each })))
}

function withoutNoise(
  found: readonly FileDifference[],
  { strict }: CompareOptions,
): { differences: FileDifference[]; noise: NoiseDifference[] } {
  const differences: FileDifference[] = []
  const noise: NoiseDifference[] = []
  for (const difference of found) {
    const why = strict ? undefined : noiseOf(difference)
    if (why === undefined) differences.push(difference)
    else noise.push({ ...difference, why })
  }
  return { differences, noise }
}
