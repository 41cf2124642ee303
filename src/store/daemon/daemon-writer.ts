/** Loads images into a Docker engine, streaming: nothing is kept on disk on the way. */
import { type CancelOptions, type Progress, silent } from '../../base/index.ts'
import {
  canServe,
  familiarReference,
  formatPlatform,
  type Platform,
  type Reference,
} from '../../oci/index.ts'
import { type ClassicImage, classicImages, dockerManifest } from '../archive/classic-images.ts'
import { dockerManifestFile } from '../archive/docker-manifest.ts'
import { GatheringWriter } from '../archive/gathering-writer.ts'
import type { StoredManifest } from '../store.ts'
import { StoreError } from '../store-error.ts'
import type { EngineApi } from './engine-api.ts'

export interface DaemonWriterOptions {
  reference: Reference
  hostPlatform?: Platform | undefined
  progress?: Progress | undefined
}

export class DaemonWriter extends GatheringWriter {
  readonly name: string
  readonly #engine: EngineApi
  readonly #options: DaemonWriterOptions

  constructor(engine: EngineApi, options: DaemonWriterOptions) {
    super()
    this.name = `docker-daemon:${familiarReference(options.reference)}`
    this.#engine = engine
    this.#options = options
  }

  async tag(manifest: StoredManifest, name: Reference | undefined): Promise<void> {
    const reference = name ?? this.#options.reference
    if (reference.tag === undefined) {
      throw new StoreError(
        'STORE_NAME',
        `the Docker engine keeps no image under a digest alone (${this.name})`,
        {
          kind: 'usage',
          hint: 'give it a tag: docker-daemon:NAME:TAG',
        },
      )
    }
    this.contents.names.push({ manifest, tag: reference.tag, reference })
  }

  /** Asks what the engine can keep, and loads that: everything, or the one platform that runs there. */
  async commit({ signal }: CancelOptions): Promise<void> {
    const keepsPlatforms = await this.#engine.keepsPlatforms({ signal })
    const images = await classicImages(this.contents, this.#options.hostPlatform, { signal })
    if (!keepsPlatforms) for (const image of images.values()) this.#announce(image)
    const contents = keepsPlatforms ? this.contents : this.contents.narrowed(manifestsOf(images))
    const files = new Map([[dockerManifestFile, dockerManifest(this.contents, images)]])
    await this.#engine.load(contents.write(files, { signal }), { signal })
  }

  async close(): Promise<void> {
    await this.#engine.close()
  }

  /** The classic image store keeps one platform; which one must not be a surprise. */
  #announce({ platform, others }: ClassicImage): void {
    if (others.length === 0) return
    const { progress = silent, hostPlatform } = this.#options
    const loaded = formatPlatform(platform)
    const left = others.map(formatPlatform).join(', ')
    if (hostPlatform && !canServe(platform, hostPlatform)) {
      throw new StoreError(
        'PLATFORM_MISSING',
        `the Docker engine keeps one platform, and ${this.name} has none for ${formatPlatform(hostPlatform)}`,
        {
          kind: 'environment',
          hint: `it has ${[loaded, left].join(', ')}; choose one with --platform, or turn on the engine’s containerd image store`,
        },
      )
    }
    progress({
      type: 'warning',
      text: `the Docker engine keeps one platform: ${loaded} is loaded, ${left} is not`,
      hint: 'turn on the containerd image store ("features": {"containerd-snapshotter": true} in daemon.json) to keep all',
    })
  }
}

function manifestsOf(images: ReadonlyMap<StoredManifest, ClassicImage>): Map<StoredManifest, StoredManifest> {
  return new Map([...images].map(([root, { manifest }]) => [root, manifest]))
}
