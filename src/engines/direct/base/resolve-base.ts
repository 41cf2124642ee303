/** Which base the image stands on, and what must be known of it before dependencies can be chosen. */
import type { CancelOptions } from '../../../base/index.ts'
import type { BaseRequest } from '../../../debian/index.ts'
import { type ImageLocation, parseImageLocation, type Platform } from '../../../oci/index.ts'
import type { AssembledBase as AssembledBaseSettings, NodeChoice } from '../../../project/index.ts'
import { openReader } from '../../../store/index.ts'
import type { DirectTools } from '../direct-tools.ts'
import type { LayerSettings } from '../layers/seal-layer.ts'
import { withAddedPackages } from './added-packages.ts'
import { assembledBase } from './assembled-base.ts'
import type { BaseImage } from './base-image.ts'
import { existingBase } from './existing-base.ts'

export type BaseChoice =
  | { kind: 'existing'; location: ImageLocation; text: string }
  | { kind: 'assembled'; request: Omit<BaseRequest, 'mtime'> }

/** Minutes: Debian's archive changes a few times a day, and asking takes longer than all else in an unchanged build. */
const defaultIndexMaxAge = 60

/** The base that configuration and Node version ask for: a reference, an assembled one, else `node:<major>-slim`. */
export function chooseBase(
  wanted: string | AssembledBaseSettings | undefined,
  node: NodeChoice,
  platforms: readonly Platform[],
  { reuse }: { reuse: boolean },
): BaseChoice {
  if (typeof wanted === 'object') {
    const { suite = 'bookworm', packages, mirror, indexMaxAge = defaultIndexMaxAge, checkValidUntil } = wanted
    return {
      kind: 'assembled',
      request: {
        suite,
        node: node.version,
        platforms,
        ...(packages ? { packages } : {}),
        ...(mirror ? { mirror } : {}),
        ...(checkValidUntil === undefined ? {} : { checkValidUntil }),
        indexMaxAge: reuse ? indexMaxAge * 60_000 : 0,
      },
    }
  }
  const text = wanted ?? `node:${node.version}-slim`
  return { kind: 'existing', location: parseImageLocation(text), text }
}

/** Opens the base. For an assembled one the layers are made when `seal` is called. */
export async function resolveBase(
  choice: BaseChoice,
  platforms: readonly Platform[],
  settings: LayerSettings,
  tools: DirectTools,
  { signal }: CancelOptions,
): Promise<BaseImage> {
  const { cache, stores, progress } = tools
  if (choice.kind === 'assembled') {
    const request = { ...choice.request, mtime: settings.mtime }
    return assembledBase(request, { ports: tools.debian, cache, settings, progress }, { signal })
  }
  const reader = await openReader(choice.location, stores, { cache, signal })
  const base = await existingBase(reader, platforms, cache, { signal })
  const adding = { ports: tools.debian, cache, settings, progress }
  return { ...base, withPackages: (packages, options) => withAddedPackages(base, packages, adding, options) }
}
