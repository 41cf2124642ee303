/** One value of `--cache-from` or `--cache-to`: `type=gha,scope=x`, or the short form, a lone reference. */
import { BuildkitError } from '../buildkit-error.ts'

export interface CacheEntry {
  type: string
  /** the other attributes, in the order given */
  attributes: ReadonlyMap<string, string>
}

/** Throws `BuildkitError` `CACHE_OPTION_INVALID`. */
export function parseCacheEntry(flag: string, text: string): CacheEntry {
  const fields = splitFields(text)
  const [only] = fields
  if (fields.length === 1 && only !== undefined && !only.includes('=')) {
    if (only === '') throw invalid(flag, text)
    return { type: 'registry', attributes: new Map([['ref', only]]) }
  }
  const attributes = new Map<string, string>()
  for (const field of fields) {
    const equals = field.indexOf('=')
    if (equals < 1) throw invalid(flag, text)
    attributes.set(field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1))
  }
  const type = attributes.get('type')
  if (!type) throw invalid(flag, text)
  attributes.delete('type')
  return { type, attributes }
}

export function formatCacheEntry({ type, attributes }: CacheEntry): string {
  return [['type', type] as const, ...attributes].map(([key, value]) => quoted(`${key}=${value}`)).join(',')
}

/** Fields are separated by commas, as in CSV: one that holds a comma stands in double quotes. */
function splitFields(text: string): string[] {
  const fields = text.match(/"(?:[^"]|"")*"|[^,]+/g) ?? ['']
  return fields.map((field) =>
    field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field.trim(),
  )
}

function quoted(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}

function invalid(flag: string, text: string): BuildkitError {
  return new BuildkitError('CACHE_OPTION_INVALID', `${flag} ${text} is not a cache`, {
    kind: 'usage',
    hint: `write ${flag} type=registry,ref=REFERENCE, or type=gha, type=local, type=s3 with their attributes`,
  })
}
