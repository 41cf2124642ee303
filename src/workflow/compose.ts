/** Compose files: services with what matters for platforms. https://github.com/compose-spec/compose-spec */
import { entriesAt, listAt, mapAt, scalarAt, scalarsAt, valueAt } from './yaml-access.ts'
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-tree.ts'

export interface ComposeService {
  readonly name: string
  readonly entry: YamlEntry
  readonly image: YamlScalar | undefined
  readonly platform: YamlScalar | undefined
  readonly build: ComposeBuild | undefined
  /** environment variables, from the map or the list form; the value is absent when the name alone is given */
  readonly environment: readonly { name: string; value: string | undefined; node: YamlNode }[]
}

export interface ComposeBuild {
  readonly context: string
  readonly dockerfile: string
  readonly target: string | undefined
  readonly platforms: readonly YamlScalar[]
}

/** The services of a compose file. */
export function toComposeServices(document: YamlNode | undefined): ComposeService[] {
  return entriesAt(document, 'services').map((entry) => ({
    name: entry.key,
    entry,
    image: scalarAt(entry.value, 'image'),
    platform: scalarAt(entry.value, 'platform'),
    build: toBuild(valueAt(entry.value, 'build')),
    environment: environmentOf(entry.value),
  }))
}

function toBuild(node: YamlNode | undefined): ComposeBuild | undefined {
  if (node?.kind === 'scalar' && node.text !== '') {
    return { context: node.text, dockerfile: 'Dockerfile', target: undefined, platforms: [] }
  }
  if (node?.kind !== 'map') return undefined
  return {
    context: scalarAt(node, 'context')?.text ?? '.',
    dockerfile: scalarAt(node, 'dockerfile')?.text ?? 'Dockerfile',
    target: scalarAt(node, 'target')?.text,
    platforms: scalarsAt(node, 'platforms'),
  }
}

function environmentOf(service: YamlNode): ComposeService['environment'] {
  const list = listAt(service, 'environment')
  if (list) {
    return list.items.flatMap((node) => {
      if (node.kind !== 'scalar') return []
      const equals = node.text.indexOf('=')
      const name = equals === -1 ? node.text : node.text.slice(0, equals)
      return [{ name, value: equals === -1 ? undefined : node.text.slice(equals + 1), node }]
    })
  }
  return (mapAt(service, 'environment')?.entries ?? []).map(({ key, value }) => ({
    name: key,
    value: value.kind === 'scalar' && !value.isNull ? value.text : undefined,
    node: value,
  }))
}
