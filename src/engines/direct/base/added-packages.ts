/** Debian packages upon a base image that exists already: one layer more for each platform. */
import { type CancelOptions, mapConcurrently } from '../../../base/index.ts'
import { debianAddition } from '../../../debian/index.ts'
import { formatPlatform, type ImageConfig } from '../../../oci/index.ts'
import { DirectError } from '../direct-error.ts'
import { sealLayer } from '../layers/seal-layer.ts'
import type { AssembleTools } from './assembled-base.ts'
import type { BaseImage, BaseLayers, BasePlatform } from './base-image.ts'
import type { ExistingBase } from './existing-base.ts'
import { readBaseFile } from './read-base-file.ts'

/** Throws `DirectError` `BASE_LACKS_LIBRARIES` for a base that is no Debian, `DebianError`. */
export async function withAddedPackages(
  base: ExistingBase,
  packages: readonly string[],
  tools: AssembleTools,
  { signal }: CancelOptions,
): Promise<BaseImage> {
  const below = await base.layers({ signal })
  const both = base.platforms.map((platform, at) => ({ platform, layers: below[at] as BaseLayers }))
  const added = await mapConcurrently(
    both,
    2,
    ({ platform, layers }) => addTo(base, platform, layers, packages, tools, { signal }),
    { signal },
  )
  return {
    ...base,
    layers: async () => added,
    withPackages: (more, options) => withAddedPackages(base, [...packages, ...more], tools, options),
  }
}

async function addTo(
  base: ExistingBase,
  { platform, facts }: BasePlatform,
  layers: BaseLayers,
  packages: readonly string[],
  { ports, cache, settings, progress }: AssembleTools,
  { signal }: CancelOptions,
): Promise<BaseLayers> {
  const status = facts.debian
    ? await readBaseFile('var/lib/dpkg/status', layers.layers, (layer) => base.blob(layer), { signal })
    : undefined
  if (!facts.debian || !status) throw lacksLibraries(base.name, formatPlatform(platform), packages)
  const { mtime } = settings
  const request = { suite: facts.debian, platform, packages, status, mtime }
  const { layer, findings } = await debianAddition(request, ports, { signal })
  for (const { message, hint } of findings)
    progress({ type: 'warning', text: message, ...(hint ? { hint } : {}) })
  if (!layer) return layers
  const sealed = await sealLayer(layer, cache, settings, { signal })
  const config: ImageConfig = {
    ...layers.config,
    rootfs: { type: 'layers', diff_ids: [...layers.config.rootfs.diff_ids, sealed.layer.diffId] },
    history: [
      ...(layers.config.history ?? []),
      { created: new Date(mtime * 1000).toISOString(), created_by: sealed.layer.createdBy },
    ],
  }
  return { ...layers, config, layers: [...layers.layers, sealed.layer.descriptor] }
}

function lacksLibraries(name: string, platform: string, packages: readonly string[]): DirectError {
  return new DirectError(
    'BASE_LACKS_LIBRARIES',
    `addons need ${packages.join(', ')}, which cannot be added to base ${name} (${platform})`,
    {
      kind: 'usage',
      hint: 'packages can be added to a base of Debian with dpkg: take one, or let everyarch assemble it ("base": {"assemble": "debian"})',
      details: { base: name, platform, libraries: packages },
    },
  )
}
