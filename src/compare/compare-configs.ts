/** What two images are started with. When they were made, how, and of which layers is not compared. */
import type { ImageConfig } from '../oci/index.ts'
import type { ConfigDifference } from './comparison.ts'

/** Says when an image was made: it differs between any two builds. */
const timeLabels = new Set(['org.opencontainers.image.created', 'org.label-schema.build-date'])

export function compareConfigs(a: ImageConfig, b: ImageConfig): ConfigDifference[] {
  const inA = fieldsOf(a)
  const inB = fieldsOf(b)
  return [...new Set([...inA.keys(), ...inB.keys()])].sort().flatMap((field) => {
    const left = inA.get(field)
    const right = inB.get(field)
    if (left === right) return []
    return [
      {
        field,
        ...(left === undefined ? {} : { a: left }),
        ...(right === undefined ? {} : { b: right }),
      },
    ]
  })
}

/** Labels and variables one by one; everything else as JSON. Nothing and empty are the same. */
function fieldsOf({ os, architecture, variant, config = {} }: ImageConfig): Map<string, string> {
  const { Labels, Env, ...rest } = config as Record<string, unknown>
  const fields = new Map<string, string>()
  const add = (field: string, value: unknown) => {
    if (!isEmpty(value)) fields.set(field, typeof value === 'string' ? value : JSON.stringify(sorted(value)))
  }
  add('os', os)
  add('architecture', architecture)
  add('variant', variant)
  for (const [name, value] of Object.entries(rest)) add(name, value)
  for (const [name, value] of Object.entries(isRecord(Labels) ? Labels : {})) {
    if (!timeLabels.has(name)) fields.set(`Labels.${name}`, String(value))
  }
  for (const entry of Array.isArray(Env) ? Env : []) {
    const [name = '', ...value] = String(entry).split('=')
    fields.set(`Env.${name}`, value.join('='))
  }
  return fields
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return isRecord(value) && Object.keys(value).length === 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The order of an object's keys means nothing. */
function sorted(value: unknown): unknown {
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
}
