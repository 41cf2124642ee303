import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configurationJsonSchema, knownKeysOf } from './json-schema.ts'

const committed = resolve(import.meta.dirname, '../../../config.schema.json')

describe('configurationJsonSchema', () => {
  it('is what config.schema.json of the package holds (UPDATE=1 writes it)', async () => {
    const schema = configurationJsonSchema()
    if (process.env.UPDATE) await writeFile(committed, `${JSON.stringify(schema, null, 2)}\n`)
    expect(JSON.parse(await readFile(committed, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)))
  })

  it('describes every key', () => {
    const undescribed: string[] = []
    const visit = (schema: unknown, path: string) => {
      const {
        properties = {},
        anyOf = [],
        items,
      } = schema as {
        properties?: Record<string, { description?: string }>
        anyOf?: unknown[]
        items?: unknown
      }
      for (const [key, child] of Object.entries(properties)) {
        if (!child.description) undescribed.push(`${path}.${key}`)
        visit(child, `${path}.${key}`)
      }
      for (const child of anyOf) visit(child, path)
      if (items) visit(items, `${path}[]`)
    }
    visit(configurationJsonSchema(), '')
    expect(undescribed).toEqual([])
  })

  it('knows the keys at a path, through alternatives and lists', () => {
    const knownKeys = knownKeysOf(configurationJsonSchema())
    expect(knownKeys(['base'])).toEqual([
      'assemble',
      'suite',
      'node',
      'packages',
      'mirror',
      'indexMaxAge',
      'checkValidUntil',
    ])
    expect(knownKeys(['verify', 'ignore', 0])).toEqual(['rule', 'path', 'reason'])
    expect(knownKeys(['nothing', 'here'])).toEqual([])
  })
})
