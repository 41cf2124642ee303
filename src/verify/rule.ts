/** Rules: each in its own file of `rules/`, listed once in `rules/rules.ts`, documented at `docs/rules/image/<name>.md`. */
import type { Severity } from '../base/index.ts'
import type { Descriptor, ImageConfig, Manifest, Platform } from '../oci/index.ts'
import type { LayerFacts } from './layer/layer-facts.ts'
import type { PlatformImage } from './platform-image.ts'
import type { NpmPackage } from './packages/npm-packages.ts'
import type { TreeNode } from './tree/file-tree.ts'

/** What a rule saw. The place, the layer and the package that it belongs to are added by whoever runs the rule. */
export interface Observation {
  /** one sentence: what is wrong with which object; a file is named by `file`, not in the text */
  message: string
  hint?: string
  /** the file that it is about */
  file?: TreeNode
  /** a path that it is about, where there is no such file */
  path?: string
  /** the package that it is about, where it is not the file's own */
  package?: NpmPackage
  /** the position of the layer that it is about, where it is not the file's own */
  layer?: number
  /** where it differs from the rule's */
  severity?: Severity
  /** JSON-safe facts, such as what was expected and what was found */
  details?: Record<string, unknown>
}

interface RuleMetadata {
  id: `image/${string}`
  severity: Severity
}

/** A rule about one platform of an image. */
export interface PlatformRule extends RuleMetadata {
  check(image: PlatformImage): Iterable<Observation>
}

/** A rule about the layers of one platform, before they are laid over one another. */
export interface LayerRule extends RuleMetadata {
  checkLayers(layers: readonly LayerReading[]): Iterable<Observation>
}

/** What became of reading a layer: facts or a failure. */
export interface LayerReading {
  descriptor: Descriptor
  /** what the configuration says its uncompressed content is; absent when it lists fewer layers */
  diffId?: string
  facts?: LayerFacts
  failure?: { code: string; message: string; hint?: string }
}

/** A rule about the image as a whole: its index and the documents that the index names. */
export interface IndexRule extends RuleMetadata {
  checkIndex(index: IndexView): Iterable<IndexObservation>
}

export interface IndexObservation extends Observation {
  platform?: string
}

/** An image's documents, without its layers. */
export interface IndexView {
  name: string
  /** of the root: an index, or the manifest of a single-platform image */
  root: Descriptor
  isIndex: boolean
  entries: IndexEntry[]
  /** entries that carry attestations and are no platform */
  attestations: number
  /** platforms that the image must have */
  required: readonly Platform[]
  /** the digest that it must have */
  expectedDigest?: string
}

/** A platform of the index, or the only one of an image without index. */
export interface IndexEntry {
  descriptor: Descriptor
  /** what the index says; absent when it says nothing, and for an image without index */
  declared?: Platform
  /** what the image's configuration says; absent when it could not be read */
  configured?: Platform
  manifest?: Manifest
  config?: ImageConfig
  /** why manifest or configuration could not be read */
  failure?: { code: string; message: string }
}
