/** A base image assembled from Debian packages and an npm-distributed Node: layers made by us, cached like all others. */
import { type CancelOptions, mapConcurrently, type Progress } from '../../../base/index.ts'
import {
  assembleBase,
  type BaseLayer,
  type BaseRequest,
  type DebianPorts,
  type PlatformBase,
} from '../../../debian/index.ts'
import { formatPlatform, type ImageConfig } from '../../../oci/index.ts'
import type { ContentCache } from '../../../store/index.ts'
import { type LayerSettings, sealLayer } from '../layers/seal-layer.ts'
import type { SealedLayer } from '../layers/sealed-layer.ts'
import type { BaseImage, BaseLayers } from './base-image.ts'

export interface AssembleTools {
  ports: DebianPorts
  cache: ContentCache
  settings: LayerSettings
  progress: Progress
}

export async function assembledBase(
  request: BaseRequest,
  tools: AssembleTools,
  { signal }: CancelOptions,
): Promise<BaseImage> {
  const assembled = await assembleBase(request, tools.ports, { signal })
  for (const finding of assembled.findings) {
    tools.progress({
      type: 'warning',
      text: finding.message,
      ...(finding.hint ? { hint: finding.hint } : {}),
    })
  }
  const { codename, version, date } = assembled.suite
  return {
    name: `debian ${codename}, node ${assembled.node}`,
    annotations: {
      'org.opencontainers.image.base.name': `debian:${codename}`,
      'dev.everyarch.base.assembled': assembled.key,
      'dev.everyarch.base.suite': `${codename} ${version} ${date}`,
      'dev.everyarch.base.node': assembled.node,
    },
    // What the assembled base holds is known: the debian room promises it.
    platforms: assembled.platforms.map(({ key, platform, libc, node }) => ({
      platform,
      annotations: { 'dev.everyarch.base.assembled': key },
      facts: {
        libc: libc.family,
        glibc: libc.version,
        debian: codename,
        init: '/usr/bin/tini',
        users: ['root', 'node'],
        node: '/usr/local/bin/node',
      },
      nodeVersion: node.version,
    })),
    withPackages: (packages, options) =>
      assembledBase({ ...request, packages: [...(request.packages ?? []), ...packages] }, tools, options),
    layers: (options) =>
      mapConcurrently(assembled.platforms, 2, (base) => sealPlatform(base, tools, options), options),
  }
}

async function sealPlatform(
  base: PlatformBase,
  tools: AssembleTools,
  { signal }: CancelOptions,
): Promise<BaseLayers> {
  const layers: SealedLayer[] = []
  for (const layer of base.layers) layers.push(await sealBaseLayer(layer, base, tools, { signal }))
  const config: ImageConfig = {
    os: base.platform.os,
    architecture: base.platform.architecture,
    config: base.config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map((layer) => ({
      created: new Date(tools.settings.mtime * 1000).toISOString(),
      created_by: layer.createdBy,
    })),
  }
  return {
    config,
    layers: layers.map((layer) => layer.descriptor),
  }
}

async function sealBaseLayer(
  layer: BaseLayer,
  base: PlatformBase,
  { cache, settings, progress }: AssembleTools,
  { signal }: CancelOptions,
): Promise<SealedLayer> {
  const platform = formatPlatform(base.platform)
  const id = `base ${platform} ${layer.key}`
  const name = layer.createdBy.replace(/^everyarch: /, '')
  const draft = {
    key: layer.key,
    createdBy: layer.createdBy,
    entries: (options: CancelOptions) => layer.entries(options),
  }
  let started = false
  const sealed = await sealLayer(draft, cache, settings, {
    signal,
    onBytes: (done) => {
      if (!started) progress({ type: 'start', id, station: 'base', text: name, platform })
      started = true
      progress({ type: 'advance', id, done })
    },
  })
  if (started) progress({ type: 'end', id, text: `${platform} ${name}` })
  return sealed.layer
}
