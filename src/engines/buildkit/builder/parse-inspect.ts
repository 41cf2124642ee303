/** Reads what `docker buildx inspect` prints; its JSON form exists only in newer versions and says less. */
import { parsePlatform, type Platform } from '../../../oci/index.ts'
import type { Builder, BuilderNode } from './builder.ts'

/** The builder's own error, such as an engine that does not answer, is returned beside it. */
export function parseInspect(text: string): { builder: Builder; error?: string } {
  const [head = '', ...rest] = text.split(/^Nodes:$/m)
  const fields = fieldsOf(head)
  const blocks = rest
    .join('\n')
    .split(/^(?=Name:)/m)
    .filter((block) => block.trim() !== '')
  const error = fields.get('error')
  return {
    builder: {
      name: fields.get('name') ?? '',
      driver: fields.get('driver') ?? '',
      nodes: blocks.map(nodeOf),
    },
    ...(error ? { error } : {}),
  }
}

function nodeOf(block: string): BuilderNode {
  const fields = fieldsOf(block)
  const listed = (fields.get('platforms') ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
  const platforms = listed.flatMap((item) => platformOf(item.replace('*', '')))
  const assigned = listed
    .filter((item) => item.endsWith('*'))
    .flatMap((item) => platformOf(item.slice(0, -1)))
  const version = fields.get('buildkit version') ?? fields.get('buildkit')
  const error = fields.get('error')
  // BuildKit lists its own platform first; buildx puts what was assigned by hand before it.
  const native = assigned.length === 0 ? platforms[0] : undefined
  return {
    name: fields.get('name') ?? '',
    endpoint: fields.get('endpoint') ?? '',
    status: fields.get('status') ?? 'unknown',
    platforms,
    assigned,
    ...(version ? { version } : {}),
    ...(native ? { native } : {}),
    ...(error ? { error } : {}),
  }
}

/** `Key:   value`, first one counts: labels below are indented, and GC policies repeat keys. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, key, value] = /^([A-Za-z][A-Za-z ]*):\s+(\S.*)$/.exec(line) ?? []
    if (key && value && !fields.has(key.toLowerCase())) fields.set(key.toLowerCase(), value.trim())
  }
  return fields
}

/** Platforms that we have no word for are of no use to anybody here. */
function platformOf(text: string): Platform[] {
  try {
    return [parsePlatform(text)]
  } catch {
    return []
  }
}
