/** Image configuration (OCI image specification, config.md). */
import { type DiffId, isDigest } from './digest.ts'
import { OciError } from './oci-error.ts'
import { normalizePlatform, type Platform } from './platform.ts'

/** What a container is started with. */
export interface RunConfig {
  User?: string
  ExposedPorts?: Record<string, object>
  Env?: string[]
  Entrypoint?: string[] | null
  Cmd?: string[] | null
  Volumes?: Record<string, object>
  WorkingDir?: string
  Labels?: Record<string, string>
  StopSignal?: string
  /** Docker's extension: what shell forms are run with */
  Shell?: string[]
  /** Docker's extension; durations in nanoseconds */
  Healthcheck?: {
    Test?: string[]
    Interval?: number
    Timeout?: number
    StartPeriod?: number
    Retries?: number
  }
}

export interface HistoryEntry {
  created?: string
  created_by?: string
  author?: string
  comment?: string
  empty_layer?: boolean
}

export interface ImageConfig {
  created?: string
  author?: string
  architecture: string
  os: string
  variant?: string
  'os.version'?: string
  config?: RunConfig
  rootfs: { type: 'layers'; diff_ids: DiffId[] }
  history?: HistoryEntry[]
}

/** Larger configurations are refused: no real one comes near. */
export const maxConfigBytes = 8 * 1024 * 1024

/** Decodes an image configuration; `what` names it in errors. Throws `OciError` `INVALID_MANIFEST`. */
export function decodeImageConfig(bytes: Uint8Array, what: string): ImageConfig {
  const invalid = (why: string, cause?: unknown) =>
    new OciError('INVALID_MANIFEST', `${what} ${why}`, { kind: 'environment', cause })
  let value: Partial<ImageConfig> | null
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Partial<ImageConfig> | null
  } catch (cause) {
    throw invalid('is not JSON', cause)
  }
  if (typeof value !== 'object' || value === null) throw invalid('is not a JSON object')
  if (typeof value.os !== 'string' || typeof value.architecture !== 'string')
    throw invalid('does not name its platform')
  const diffIds: unknown = value.rootfs?.diff_ids ?? []
  if (!Array.isArray(diffIds) || !diffIds.every((id) => typeof id === 'string' && isDigest(id))) {
    throw invalid('has no valid list of diffIDs')
  }
  if (value.history !== undefined && value.history !== null && !Array.isArray(value.history))
    throw invalid('has a history that is no list')
  const run: unknown = value.config ?? {}
  if (typeof run !== 'object') throw invalid('has a config that is no object')
  for (const key of ['Env', 'Entrypoint', 'Cmd'] as const)
    checkTextList((run as RunConfig)[key], key, invalid)
  return { ...value, rootfs: { type: 'layers', diff_ids: diffIds as string[] as DiffId[] } } as ImageConfig
}

function checkTextList(list: unknown, key: string, invalid: (why: string) => OciError): void {
  if (list === undefined || list === null) return
  if (!Array.isArray(list) || list.some((item) => typeof item !== 'string'))
    throw invalid(`has ${key} that is not a list of texts`)
}

/** The platform that a configuration declares. */
export function platformOfConfig(config: ImageConfig): Platform {
  const { os, architecture, variant } = config
  return normalizePlatform({ os, architecture, ...(variant ? { variant } : {}) })
}
