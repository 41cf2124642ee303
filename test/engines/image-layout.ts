/** Writes OCI image layouts without any code of the product, so that its tests stand on something independent. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

export interface Descriptor {
  mediaType: string
  digest: string
  size: number
}

export interface Layer {
  descriptor: Descriptor
  diffId: string
}

export interface LayoutImage {
  /** OCI's name of the CPU architecture */
  architecture: string
  layers: readonly Layer[]
  /** what a container is started with, in the words of the image configuration */
  config: { Env?: string[]; Cmd?: string[]; Entrypoint?: string[]; User?: string; WorkingDir?: string }
}

const epoch = '1970-01-01T00:00:00Z'

/** Packs a folder into the layout, the same bytes each time, except that Debian and npm move on. */
export async function addLayer(layout: string, folder: string): Promise<Layer> {
  const reproducible = ['--sort=name', '--mtime=@0', '--numeric-owner', '--format=posix']
  const stable = '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'
  const skipped = ['--exclude=./dev/*', '--exclude=./var/lib/apt/lists/*', '--exclude=./var/cache/apt/*.bin']
  const tar = spawn('tar', [...reproducible, stable, ...skipped, '--create', '--directory', folder, '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const diff = createHash('sha256')
  const observed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      diff.update(chunk)
      done(null, chunk)
    },
  })
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true })
  const file = join(layout, 'layer')
  await pipeline(tar.stdout, observed, createGzip({ level: 6 }), createWriteStream(file))
  const digest = createHash('sha256')
  await pipeline(createReadStream(file), digest)
  const name = digest.digest('hex')
  await rename(file, join(layout, 'blobs/sha256', name))
  const { size } = await stat(join(layout, 'blobs/sha256', name))
  return {
    descriptor: {
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: `sha256:${name}`,
      size,
    },
    diffId: `sha256:${diff.digest('hex')}`,
  }
}

/** Writes a Linux image for each architecture and one index over them, which the layout holds under the name `tag`. */
export async function writeLayout(
  layout: string,
  tag: string,
  images: readonly LayoutImage[],
): Promise<void> {
  const mediaType = 'application/vnd.oci.image.index.v1+json'
  const manifests = []
  for (const image of images) manifests.push(await addImage(layout, image))
  const index = await addJson(layout, mediaType, { schemaVersion: 2, mediaType, manifests })
  const named = { ...index, annotations: { 'org.opencontainers.image.ref.name': tag } }
  await writeFile(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType, manifests: [named] }),
  )
  await writeFile(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
}

async function addImage(layout: string, { architecture, layers, config }: LayoutImage) {
  const platform = { os: 'linux', architecture }
  const image = await addJson(layout, 'application/vnd.oci.image.config.v1+json', {
    created: epoch,
    ...platform,
    config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map(() => ({ created: epoch })),
  })
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = await addJson(layout, mediaType, {
    schemaVersion: 2,
    mediaType,
    config: image,
    layers: layers.map((layer) => layer.descriptor),
  })
  return { ...manifest, platform }
}

async function addJson(layout: string, mediaType: string, value: unknown): Promise<Descriptor> {
  const bytes = Buffer.from(JSON.stringify(value))
  const name = createHash('sha256').update(bytes).digest('hex')
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true })
  await writeFile(join(layout, 'blobs/sha256', name), bytes)
  return { mediaType, digest: `sha256:${name}`, size: bytes.byteLength }
}
