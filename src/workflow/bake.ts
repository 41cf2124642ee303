/** Bake files (HCL or JSON): targets with what they inherit. https://docs.docker.com/build/bake/reference/ */
import type { TextRange } from '../base/index.ts'
import type { HclAttribute, HclBody, HclFile, HclValue } from './hcl.ts'
import { entriesAt, mapAt, textOf } from './yaml-access.ts'
import type { YamlNode } from './yaml-tree.ts'

/** A string of a bake file. `text` has known variables filled in. */
export interface BakeText {
  readonly text: string
  /** an expression whose value is not known here is part of it */
  readonly unknown: boolean
  readonly range: TextRange
}

export interface BakeAttribute {
  readonly name: string
  readonly range: TextRange
  /** a list's items, or the one value; undefined when an expression decides */
  readonly values: readonly BakeText[] | undefined
}

export interface BakeTarget {
  readonly name: string
  readonly range: TextRange
  readonly inherits: readonly string[]
  /** its own attributes */
  readonly own: ReadonlyMap<string, BakeAttribute>
  /** with those of the targets that it inherits from */
  readonly attributes: ReadonlyMap<string, BakeAttribute>
}

type OwnTarget = Omit<BakeTarget, 'attributes'>

export function bakeTargetsOfHcl({ body }: HclFile): BakeTarget[] {
  const variables = variablesOf(body)
  const targets = body.blocks
    .filter((block) => block.type === 'target' && block.labels.length === 1)
    .map(({ labels, body, range }): OwnTarget => {
      const own = new Map(
        body.attributes.map((attribute) => [attribute.name, toAttribute(attribute, variables)]),
      )
      return { name: labels[0] ?? '', range, inherits: namesIn(own.get('inherits')), own }
    })
  return inheriting(targets)
}

export function bakeTargetsOfJson(document: YamlNode | undefined): BakeTarget[] {
  const variables = new Map(
    entriesAt(document, 'variable').flatMap(({ key, value }) => {
      const text = textOf(value, 'default')
      return text === undefined ? [] : [[key, text] as const]
    }),
  )
  const targets = (mapAt(document, 'target')?.entries ?? []).map(({ key, value }): OwnTarget => {
    const own = new Map(
      entriesAt(value).map((entry) => {
        const items = entry.value.kind === 'list' ? entry.value.items : [entry.value]
        const values = items.flatMap((item) =>
          item.kind === 'scalar' ? [fill(item.text, item.range, variables)] : [],
        )
        const range = { start: entry.keyRange.start, end: entry.value.range.end }
        return [entry.key, { name: entry.key, range, values }]
      }),
    )
    return { name: key, range: value.range, inherits: namesIn(own.get('inherits')), own }
  })
  return inheriting(targets)
}

function namesIn(attribute: BakeAttribute | undefined): string[] {
  return (attribute?.values ?? []).map((value) => value.text)
}

/** Inherited targets in order, later ones over earlier ones, the target's own attributes over all. */
function inheriting(targets: readonly OwnTarget[]): BakeTarget[] {
  const byName = new Map(targets.map((target) => [target.name, target]))
  const resolve = (target: OwnTarget, path: readonly string[]): Map<string, BakeAttribute> => {
    const attributes = new Map<string, BakeAttribute>()
    for (const name of target.inherits) {
      const parent = byName.get(name)
      if (!parent || path.includes(name)) continue
      for (const [key, value] of resolve(parent, [...path, name])) attributes.set(key, value)
    }
    for (const [key, value] of target.own) attributes.set(key, value)
    return attributes
  }
  return targets.map((target) => ({ ...target, attributes: resolve(target, [target.name]) }))
}

function variablesOf(body: HclBody): Map<string, string> {
  return new Map(
    body.blocks.flatMap(({ type, labels, body }) => {
      const value = body.attributes.find((attribute) => attribute.name === 'default')?.value
      const known = type === 'variable' && value?.kind === 'string' && !value.template
      return known ? [[labels[0] ?? '', value.text] as const] : []
    }),
  )
}

function toAttribute(
  { name, value, range }: HclAttribute,
  variables: ReadonlyMap<string, string>,
): BakeAttribute {
  return { name, range, values: valuesOf(value, variables) }
}

function valuesOf(value: HclValue, variables: ReadonlyMap<string, string>): BakeText[] | undefined {
  if (value.kind === 'string') return [fill(value.text, value.range, variables)]
  if (value.kind === 'list') {
    const items = value.items.map((item) => valuesOf(item, variables))
    return items.every((item) => item !== undefined) ? items.flat() : undefined
  }
  if (value.kind === 'object') return []
  if (/^(?:true|false|null|\d+)$/u.test(value.text))
    return [{ text: value.text, unknown: false, range: value.range }]
  const known = variables.get(value.text)
  return known === undefined ? undefined : [{ text: known, unknown: false, range: value.range }]
}

function fill(text: string, range: TextRange, variables: ReadonlyMap<string, string>): BakeText {
  const filled = text.replaceAll(/\$\{\s*(\w+)\s*\}/gu, (whole, name: string) => variables.get(name) ?? whole)
  return { text: filled, unknown: filled.includes('${'), range }
}
