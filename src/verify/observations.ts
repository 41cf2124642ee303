/** From what rules saw to findings: the place, the layer and the package are added here. */
import type { Finding } from '../base/index.ts'
import { formatPlatform, type Platform } from '../oci/index.ts'
import { packageLabel } from './packages/npm-packages.ts'
import type { PlatformImage } from './platform-image.ts'
import type { IndexRule, IndexView, LayerReading, LayerRule, Observation, PlatformRule } from './rule.ts'

/** Findings of one platform are bounded: an image of a wrong architecture has thousands of wrong files. */
const maxFindingsPerRule = 200

export function runIndexRule(rule: IndexRule, index: IndexView): Finding[] {
  return bounded(rule.checkIndex(index)).map((seen) => ({
    ...findingOf(rule, seen),
    ...(seen.platform ? { platform: seen.platform } : {}),
  }))
}

export function runLayerRule(
  rule: LayerRule,
  platform: Platform,
  layers: readonly LayerReading[],
  lines: readonly (string | undefined)[],
): Finding[] {
  return bounded(rule.checkLayers(layers)).map((seen) => ({
    ...findingOf(rule, seen),
    platform: formatPlatform(platform),
    ...detailsOf(
      seen,
      seen.layer === undefined
        ? undefined
        : layerFact(seen.layer, layers[seen.layer]?.descriptor.digest, lines[seen.layer]),
    ),
  }))
}

export function runPlatformRule(rule: PlatformRule, image: PlatformImage): Finding[] {
  return bounded(rule.check(image)).map((seen) => {
    const path = seen.file?.path ?? seen.path
    const owner = seen.package ?? (seen.file && image.packages.ownerOf(seen.file.path))
    const position = seen.layer ?? seen.file?.layer
    const layer = position === undefined ? undefined : image.layers[position]
    return {
      ...findingOf(rule, seen),
      platform: formatPlatform(image.platform),
      ...(path ? { path: wellFormed(path) } : {}),
      ...(owner ? { package: packageLabel(owner) } : {}),
      ...detailsOf(
        seen,
        position === undefined || !layer
          ? undefined
          : layerFact(position, layer.descriptor.digest, layer.createdBy),
      ),
    }
  })
}

function findingOf(rule: { id: string; severity: Finding['severity'] }, seen: Observation): Finding {
  return {
    rule: rule.id,
    severity: seen.severity ?? rule.severity,
    message: wellFormed(seen.message),
    ...(seen.hint ? { hint: wellFormed(seen.hint) } : {}),
    ...(seen.details ? { details: seen.details } : {}),
  }
}

/** Counts from 1, as people count layers. */
function layerFact(position: number, digest: string | undefined, createdBy: string | undefined): object {
  return { index: position + 1, ...(digest ? { digest } : {}), ...(createdBy ? { createdBy } : {}) }
}

function detailsOf(seen: Observation, layer: object | undefined): Pick<Finding, 'details'> {
  return layer ? { details: { ...seen.details, layer } } : {}
}

function bounded<T>(items: Iterable<T>): T[] {
  const kept: T[] = []
  for (const item of items) {
    kept.push(item)
    if (kept.length === maxFindingsPerRule) break
  }
  return kept
}

/** Names that are not UTF-8 carry lone surrogates, which no JSON or terminal can show. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}
