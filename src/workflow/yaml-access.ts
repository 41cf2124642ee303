/** Reading a YAML tree: each function takes whatever is there and gives nothing when it is not of the asked kind. */
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './yaml-tree.ts'

export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined
}

/** The value below a path of keys. */
export function valueAt(node: YamlNode | undefined, ...path: string[]): YamlNode | undefined {
  let current = node
  for (const key of path) current = entryOf(current, key)?.value
  return current
}

export function mapAt(node: YamlNode | undefined, ...path: string[]): YamlMap | undefined {
  const value = valueAt(node, ...path)
  return value?.kind === 'map' ? value : undefined
}

export function listAt(node: YamlNode | undefined, ...path: string[]): YamlList | undefined {
  const value = valueAt(node, ...path)
  return value?.kind === 'list' ? value : undefined
}

/** A scalar that is not null. */
export function scalarAt(node: YamlNode | undefined, ...path: string[]): YamlScalar | undefined {
  const value = valueAt(node, ...path)
  return value?.kind === 'scalar' && !value.isNull ? value : undefined
}

export function textOf(node: YamlNode | undefined, ...path: string[]): string | undefined {
  return scalarAt(node, ...path)?.text
}

/** The scalars of a list, or the one scalar that stands in its place. */
export function scalarsAt(node: YamlNode | undefined, ...path: string[]): YamlScalar[] {
  const value = valueAt(node, ...path)
  if (value?.kind === 'list') return value.items.filter((item) => item.kind === 'scalar')
  return value?.kind === 'scalar' && !value.isNull ? [value] : []
}

export function entriesAt(node: YamlNode | undefined, ...path: string[]): readonly YamlEntry[] {
  return mapAt(node, ...path)?.entries ?? []
}
