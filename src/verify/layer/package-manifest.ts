/** package.json of any origin, reduced to what rules ask; everything of another shape than npm's is dropped. */
import type { PackageManifest } from './layer-facts.ts'

const keptScripts = new Set(['preinstall', 'install', 'start'])

/** Undefined when the text is no JSON object. */
export function readPackageManifest(text: string): PackageManifest | undefined {
  const value = parse(text)
  if (!isRecord(value)) return undefined
  const scripts = Object.entries(texts(value.scripts) ?? {}).filter(([name]) => keptScripts.has(name))
  const manifest: PackageManifest = {
    ...pickText(value, 'name'),
    ...pickText(value, 'version'),
    ...pickText(value, 'main'),
    ...pickList(value, 'os'),
    ...pickList(value, 'cpu'),
    ...pickList(value, 'libc'),
    ...pickTexts(value, 'dependencies'),
    ...pickTexts(value, 'optionalDependencies'),
    ...pickTexts(value, 'peerDependencies'),
    ...pickTexts(value, 'devDependencies'),
    ...(scripts.length > 0 ? { scripts: Object.fromEntries(scripts) } : {}),
    ...(typeof value.gypfile === 'boolean' ? { gypfile: value.gypfile } : {}),
  }
  const binary = readBinary(value.binary)
  return binary ? { ...manifest, binary } : manifest
}

function readBinary(value: unknown): PackageManifest['binary'] {
  if (!isRecord(value) || typeof value.module_path !== 'string' || typeof value.module_name !== 'string')
    return undefined
  const versions = Array.isArray(value.napi_versions)
    ? value.napi_versions.filter((version): version is number => Number.isInteger(version))
    : []
  return {
    module_name: value.module_name,
    module_path: value.module_path,
    ...(versions.length > 0 ? { napi_versions: versions } : {}),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function texts(value: unknown): Record<string, string> | undefined {
  if (!isRecord(value)) return undefined
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return entries.length > 0 ? Object.fromEntries(entries) : undefined
}

function pickText<K extends string>(value: Record<string, unknown>, key: K): Partial<Record<K, string>> {
  return typeof value[key] === 'string' ? ({ [key]: value[key] } as Record<K, string>) : {}
}

function pickTexts<K extends string>(
  value: Record<string, unknown>,
  key: K,
): Partial<Record<K, Record<string, string>>> {
  const found = texts(value[key])
  return found ? ({ [key]: found } as Record<K, Record<string, string>>) : {}
}

/** npm accepts a lone text for a list. */
function pickList<K extends string>(value: Record<string, unknown>, key: K): Partial<Record<K, string[]>> {
  const list = typeof value[key] === 'string' ? [value[key]] : value[key]
  if (!Array.isArray(list)) return {}
  return { [key]: list.filter((item) => typeof item === 'string') } as Record<K, string[]>
}
