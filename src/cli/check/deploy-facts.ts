/** What the checklist before a deploy asks of this machine and of registries. */
import { homedir } from 'node:os'
import { type CancelOptions, mapConcurrently, messageOf, reasonOf } from '../../base/index.ts'
import type { CacheState, MachineFacts, MachineHealth } from '../../checks/index.ts'
import { diagnose, type Diagnosis } from '../../doctor/index.ts'
import {
  decodeIndex,
  decodeManifest,
  type Descriptor,
  isIndexType,
  parsePlatform,
  parseReference,
} from '../../oci/index.ts'
import { defaultCacheFolder } from '../../pipeline/index.ts'
import { executionHere } from '../../smoke/index.ts'
import { type ImageReader, openReader, RegistryError, type Stores } from '../../store/index.ts'
import type { CommandContext } from '../context.ts'

interface MachineQuestions {
  readonly platforms: readonly string[]
  readonly needsBuilder: boolean
}

/** How this machine runs each platform, and what doctor says of its emulators and its builder. */
export async function machineFacts(
  { platforms, needsBuilder }: MachineQuestions,
  stores: Stores,
  { env, cwd, signal }: CommandContext,
): Promise<MachineFacts> {
  const parsed = platforms.map((text) => parsePlatform(text))
  const runs = await Promise.all(
    platforms.map(
      async (text, at) => [text, (await executionHere(parsed[at] ?? parsePlatform(text))).how] as const,
    ),
  )
  const settings = {
    docker: { env, cwd },
    platforms: parsed,
    repositories: [],
    stores,
    cacheFolder: defaultCacheFolder(env, homedir()),
    needsBuilder,
    now: () => new Date(),
  }
  const diagnoses = await diagnose(settings, { signal })
  return { runs: new Map(runs), health: diagnoses.flatMap(toHealth) }
}

/** Of all that doctor looks at, what decides whether a platform can be built here. */
function toHealth({ check, verdict, platform, text, meaning }: Diagnosis): MachineHealth[] {
  const about =
    check === 'binfmt' ? 'emulator' : ['builder', 'buildx', 'docker'].includes(check) ? 'builder' : undefined
  if (about === undefined) return []
  return [
    {
      about,
      verdict,
      text,
      ...(platform === undefined ? {} : { platform }),
      ...(meaning === undefined ? {} : { meaning }),
    },
  ]
}

/** Looks for each cache and each of its layers. A registry that does not answer is said, not thrown. */
export async function cacheStates(
  references: readonly string[],
  stores: Stores,
  { signal }: CancelOptions,
): Promise<Map<string, CacheState>> {
  const states = await mapConcurrently(
    references,
    4,
    (reference) => cacheState(reference, stores, { signal }),
    {
      signal,
    },
  )
  return new Map(references.map((reference, at) => [reference, states[at] as CacheState]))
}

async function cacheState(reference: string, stores: Stores, { signal }: CancelOptions): Promise<CacheState> {
  try {
    const location = { transport: 'docker' as const, reference: parseReference(reference) }
    const cache = await openReader(location, stores, { signal })
    try {
      const layers = layersOf(cache)
      const there = await mapConcurrently(layers, 4, (layer) => isThere(cache, layer, { signal }), { signal })
      const missing = there.filter((one) => !one).length
      return missing === 0
        ? { kind: 'complete', layers: layers.length }
        : { kind: 'incomplete', layers: layers.length, missing }
    } finally {
      await cache.close()
    }
  } catch (error) {
    if (signal.aborted) throw reasonOf(signal)
    return isAbsence(error) ? { kind: 'missing' } : { kind: 'unknown', reason: messageOf(error) }
  }
}

/** BuildKit writes a cache as an index of layers, or with `image-manifest=true` as a manifest; both end with its records. */
function layersOf({ root, name }: ImageReader): Descriptor[] {
  if (isIndexType(root.descriptor.mediaType)) return decodeIndex(root.bytes, name).manifests
  const { config, layers } = decodeManifest(root.bytes, name)
  return [...layers, config]
}

/** The first bytes are enough: what a registry begins to send, it has. */
async function isThere(cache: ImageReader, layer: Descriptor, { signal }: CancelOptions): Promise<boolean> {
  try {
    for await (const _ of cache.blob(layer)({ signal })) break
    return true
  } catch (error) {
    if (isAbsence(error)) return false
    throw error
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'REGISTRY_NOT_FOUND'
}
