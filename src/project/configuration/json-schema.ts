/** The configuration's JSON Schema: `config.schema.json` of the package, for editors, and the source of "did you mean". */
import * as z from 'zod'
import type { KnownKeys } from './describe-issue.ts'
import { configurationSchema } from './schema.ts'

/** Draft 7: what editors read. */
export function configurationJsonSchema(): z.core.JSONSchema.BaseSchema {
  const schema = z.toJSONSchema(configurationSchema, { target: 'draft-7', io: 'input' })
  return { ...schema, title: 'everyarch.config.json' }
}

type Schema = z.core.JSONSchema._JSONSchema

/** Looks the keys at a path up in the schema; of alternatives, all that are objects count. */
export function knownKeysOf(schema: z.core.JSONSchema.BaseSchema): KnownKeys {
  return (path) => {
    let candidates: Schema[] = alternatives(schema)
    for (const step of path) {
      candidates = candidates.flatMap((candidate) => alternatives(childOf(candidate, step)))
    }
    return candidates.flatMap((candidate) =>
      typeof candidate === 'object' ? Object.keys(candidate.properties ?? {}) : [],
    )
  }
}

function alternatives(schema: Schema | undefined): Schema[] {
  if (typeof schema !== 'object') return []
  return schema.anyOf ? schema.anyOf.flatMap(alternatives) : [schema]
}

function childOf(schema: Schema, step: PropertyKey): Schema | undefined {
  if (typeof schema !== 'object') return undefined
  if (typeof step === 'number') return Array.isArray(schema.items) ? undefined : schema.items
  const { properties = {}, additionalProperties } = schema
  return properties[String(step)] ?? additionalProperties
}
