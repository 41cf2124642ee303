/** Records of earlier runs are checked before they are believed: the cache is a folder that anybody may write to by mistake. */

/** The types that the fields of a record must have; others may be there too. */
export type RecordShape = Readonly<Record<string, 'string' | 'number' | 'object'>>

export function hasShape(value: unknown, shape: RecordShape): boolean {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Record<string, unknown>
  return Object.entries(shape).every(([name, type]) => typeof fields[name] === type && fields[name] !== null)
}

export function isListOf(value: unknown, shape: RecordShape): boolean {
  return Array.isArray(value) && value.every((item) => hasShape(item, shape))
}
