/** Images for tests: a few files in layers, on a base or on nothing, as an `ImageReader` in memory. */
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { collect, fromBytes, type Source } from '../../src/base/index.ts'
import {
  type Descriptor,
  type Digest,
  digestOf,
  encodeDocument,
  type ImageConfig,
  mediaTypes,
  parsePlatform,
  type Platform,
  type RunConfig,
} from '../../src/oci/index.ts'
import { type ImageReader, memoryImage, type StoredManifest } from '../../src/store/index.ts'
import { type LayerEntry, writeTar } from '../../src/tar/index.ts'
import {
  verifyImage,
  type VerifyOptions,
  type VerifyRecords,
  type VerifyReport,
} from '../../src/verify/index.ts'

export const signal = new AbortController().signal

/** A file by its content; everything else says what it is. */
export type Member =
  | string
  | Uint8Array
  | { content: string | Uint8Array; mode: number }
  | { symlink: string }
  | { hardlink: string }
  | { directory: true }
export type Files = Record<string, Member>

export interface TestLayer {
  descriptor: Descriptor
  diffId: string
  content: Source
}

export interface TestPlatform {
  /** what the index says */
  platform: string
  /** lowest first: layers of a base, and files to pack */
  layers: readonly (TestLayer | Files)[]
  config?: RunConfig
  /** what the configuration says, where it differs */
  configured?: Platform
  history?: ImageConfig['history']
}

/** Packs files in the order given; parents are not added. */
export async function packLayer(files: Files): Promise<TestLayer> {
  const bytes = await collect(writeTar(Object.entries(files).map(entryOf), { signal }), 2 ** 31, 'the layer')
  return storedLayer(bytes, mediaTypes.ociLayer)
}

/** A layer of any bytes; its diffID is right only for an uncompressed one. */
export function storedLayer(
  bytes: Uint8Array,
  mediaType: string,
  diffId: string = digestOf(bytes),
): TestLayer {
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.byteLength },
    diffId,
    content: fromBytes(bytes),
  }
}

function entryOf([path, member]: [string, Member]): LayerEntry {
  const common = { path, uid: 0, gid: 0, mtime: 0 }
  if (typeof member === 'string' || member instanceof Uint8Array) return fileEntry(common, member, 0o644)
  if ('content' in member) return fileEntry(common, member.content, member.mode)
  if ('symlink' in member)
    return { ...common, type: 'symlink', mode: 0o777, size: 0, linkPath: member.symlink }
  if ('hardlink' in member)
    return { ...common, type: 'hardlink', mode: 0o644, size: 0, linkPath: member.hardlink }
  return { ...common, type: 'directory', mode: 0o755, size: 0 }
}

function fileEntry(
  common: Pick<LayerEntry, 'path' | 'uid' | 'gid' | 'mtime'>,
  content: string | Uint8Array,
  mode: number,
): LayerEntry {
  const bytes = Buffer.from(content as Uint8Array)
  return { ...common, type: 'file', mode, size: bytes.byteLength, content: fromBytes(bytes) }
}

/** An index over these platforms. */
export async function testImage(platforms: readonly TestPlatform[], name = 'test'): Promise<ImageReader> {
  const blobs = new Map<Digest, Source>()
  const manifests: StoredManifest[] = []
  for (const platform of platforms) manifests.push(await addManifest(platform, blobs))
  const index = encodeDocument({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: manifests.map(({ descriptor }) => descriptor),
  })
  const root = { descriptor: descriptorOf(index, mediaTypes.ociIndex), bytes: index }
  return memoryImage({ name, root, manifests, blobs })
}

/** One platform without an index over it. */
export async function singleImage(platform: TestPlatform, name = 'test'): Promise<ImageReader> {
  const blobs = new Map<Digest, Source>()
  const { descriptor, bytes } = await addManifest(platform, blobs)
  const { platform: _, ...bare } = descriptor
  return memoryImage({ name, root: { descriptor: bare, bytes }, manifests: [], blobs })
}

async function addManifest(wanted: TestPlatform, blobs: Map<Digest, Source>): Promise<StoredManifest> {
  const platform = declared(wanted.platform)
  const layers: TestLayer[] = []
  for (const layer of wanted.layers) layers.push(isPacked(layer) ? layer : await packLayer(layer))
  const config = encodeDocument({
    ...(wanted.configured ?? platform),
    config: wanted.config ?? {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    ...(wanted.history ? { history: wanted.history } : {}),
  })
  const bytes = encodeDocument({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: descriptorOf(config, mediaTypes.ociConfig),
    layers: layers.map(({ descriptor }) => descriptor),
  })
  blobs.set(digestOf(config), fromBytes(config))
  for (const { descriptor, content } of layers) blobs.set(descriptor.digest, content)
  return { descriptor: { ...descriptorOf(bytes, mediaTypes.ociManifest), platform }, bytes }
}

/** Taken as it is written: tests need platforms that are wrong. */
function declared(text: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/')
  return { os, architecture, ...(variant ? { variant } : {}) }
}

function isPacked(layer: TestLayer | Files): layer is TestLayer {
  return typeof layer.content === 'function'
}

function descriptorOf(bytes: Uint8Array, mediaType: string): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength }
}

export interface Base {
  layers: TestLayer[]
  config: RunConfig
}

/** One platform of an OCI layout, as a base to put layers on. */
export function baseOf(layout: string, platform: string): Base {
  const folder = layout.replace(/^oci:/, '').replace(/:[^:/]*$/, '')
  const blob = (digest: string) => join(folder, 'blobs', digest.replace(':', '/'))
  const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
  const [root] = json(join(folder, 'index.json')).manifests as Descriptor[]
  const wanted = parsePlatform(platform)
  const entry = (json(blob(root?.digest ?? '')).manifests as Descriptor[]).find(
    (candidate) => candidate.platform?.architecture === wanted.architecture,
  )
  const manifest = json(blob(entry?.digest ?? '')) as { config: Descriptor; layers: Descriptor[] }
  const config = json(blob(manifest.config.digest)) as ImageConfig
  return {
    config: config.config ?? {},
    layers: manifest.layers.map((descriptor, index) => ({
      descriptor,
      diffId: config.rootfs.diff_ids[index] ?? '',
      content: () => createReadStream(blob(descriptor.digest), { highWaterMark: 256 * 1024 }),
    })),
  }
}

/** Records that live as long as a test file: a base is read once. */
export function memoryRecords(): VerifyRecords {
  const kept = new Map<string, string>()
  return {
    async record(area, key) {
      const text = kept.get(`${area} ${key}`)
      return text === undefined ? undefined : JSON.parse(text)
    },
    async setRecord(area, key, value) {
      kept.set(`${area} ${key}`, JSON.stringify(value))
    },
  }
}

export function verify(
  reader: ImageReader,
  options: Omit<VerifyOptions, 'signal'> = {},
): Promise<VerifyReport> {
  return verifyImage(reader, { ...options, signal })
}

/** Findings in one line each, `severity rule platform path`, without the informative ones. */
export function faults({ findings }: VerifyReport): string[] {
  return findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, rule, platform, path }) => [severity, rule, platform, path].filter(Boolean).join(' '))
}
