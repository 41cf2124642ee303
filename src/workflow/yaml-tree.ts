/**
 * YAML (and JSON, its subset) as a plain tree in which every key and value knows its place in the text. Aliases are
 * followed, `<<` merges are resolved, several documents are several trees. Never throws: what is wrong is in `problems`.
 */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { LogicalText, messageOf, TextLines, type TextRange } from '../base/index.ts'
import { scalarSource } from './scalar-source.ts'

export interface YamlScalar {
  readonly kind: 'scalar'
  readonly range: TextRange
  /** the value as it is written, without quotes; empty for null */
  readonly text: string
  readonly isNull: boolean
  /** the text with the place of each of its characters */
  readonly source: LogicalText
}

export interface YamlEntry {
  readonly key: string
  readonly keyRange: TextRange
  readonly value: YamlNode
  /** it came in through `<<` */
  readonly merged: boolean
}

export interface YamlMap {
  readonly kind: 'map'
  readonly range: TextRange
  /** `{ … }` */
  readonly flow: boolean
  readonly entries: readonly YamlEntry[]
}

export interface YamlList {
  readonly kind: 'list'
  readonly range: TextRange
  /** `[ … ]` */
  readonly flow: boolean
  readonly items: readonly YamlNode[]
}

export type YamlNode = YamlMap | YamlList | YamlScalar

export interface YamlProblem {
  readonly message: string
  readonly range: TextRange
}

export interface YamlFile {
  readonly text: string
  readonly lines: TextLines
  /** the documents that were understood */
  readonly documents: readonly YamlNode[]
  readonly problems: readonly YamlProblem[]
  /** a template (Helm, Jinja): it is not YAML before it is rendered, so it was not read */
  readonly templated: boolean
}

export function parseYaml(text: string): YamlFile {
  const lines = new TextLines(text)
  if (isTemplate(text)) return { text, lines, documents: [], problems: [], templated: true }
  try {
    return { text, lines, ...parseDocuments(text), templated: false }
  } catch (error) {
    // The parser recurses: a document nested thousands deep ends here.
    const problem = { message: `this cannot be read: ${messageOf(error)}`, range: { start: 0, end: 0 } }
    return { text, lines, documents: [], problems: [problem], templated: false }
  }
}

/** Template expressions where YAML has structure. `${{ }}` of GitHub and braces inside scripts are not meant. */
function isTemplate(text: string): boolean {
  return /^[ \t]*(?:-[ \t]+)*(?:[\w./"'-]+:[ \t]+)?(?:\{\{[^{]|\{%)/mu.test(text)
}

function parseDocuments(text: string): { documents: YamlNode[]; problems: YamlProblem[] } {
  const parsed = parseAllDocuments(text, {
    prettyErrors: false,
    strict: false,
    uniqueKeys: true,
    // Every scalar is text to us: only null is told apart, below.
    schema: 'failsafe',
  })
  const documents: YamlNode[] = []
  const problems: YamlProblem[] = []
  for (const document of Array.isArray(parsed) ? parsed : []) {
    for (const { message, pos } of document.errors)
      problems.push({ message, range: { start: pos[0], end: pos[1] } })
    if (document.errors.length === 0 && document.contents && !isEmpty(document.contents)) {
      documents.push(new TreeBuilder(text, (alias) => alias.resolve(document)).node(document.contents))
    }
  }
  return { documents, problems }
}

function isEmpty(contents: Node): boolean {
  return isScalar(contents) && isNullScalar(contents)
}

class TreeBuilder {
  readonly #text: string
  readonly #resolve: (alias: Alias) => Node | undefined
  /** An anchored node is one node of the tree, however often it is referred to. */
  readonly #known = new Map<Node, YamlNode>()

  constructor(text: string, resolve: (alias: Alias) => Node | undefined) {
    this.#text = text
    this.#resolve = resolve
  }

  node(node: Node | null | undefined): YamlNode {
    if (!node) return this.#null(0)
    // Most nodes are scalars, and nothing hangs on which of two equal ones it is.
    if (isScalar(node)) return this.#scalar(node)
    const known = this.#known.get(node)
    if (known) return known
    // An alias to a node that contains it ends here instead of going round.
    this.#known.set(node, this.#null(node.range?.[0] ?? 0))
    const built = this.#build(node)
    this.#known.set(node, built)
    return built
  }

  #build(node: Node): YamlNode {
    if (isAlias(node)) return this.node(this.#resolve(node))
    const range = rangeOf(node)
    if (isMap(node)) return { kind: 'map', range, flow: node.flow ?? false, entries: this.#entries(node) }
    if (isSeq(node)) {
      const items = node.items.map((item) => this.node(item as ParsedNode))
      return { kind: 'list', range, flow: node.flow ?? false, items }
    }
    return this.#null(range.start)
  }

  #entries(map: YAMLMap): YamlEntry[] {
    const own: YamlEntry[] = []
    const merged: YamlEntry[] = []
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const key = isScalar(pair.key) ? textOfScalar(pair.key) : ''
      const keyRange = pair.key ? rangeOf(pair.key) : { start: 0, end: 0 }
      const value = pair.value ? this.node(pair.value) : this.#null(keyRange.end + 1)
      if (key === '<<') merged.push(...mergedEntries(value))
      else own.push({ key, keyRange, value, merged: false })
    }
    const names = new Set(own.map((entry) => entry.key))
    for (const entry of merged) {
      if (!names.has(entry.key)) own.push({ ...entry, merged: true })
      names.add(entry.key)
    }
    return own
  }

  #scalar(node: Scalar): YamlScalar {
    const range = rangeOf(node)
    const isNull = isNullScalar(node)
    const text = isNull ? '' : textOfScalar(node)
    const file = this.#text
    let source: LogicalText | undefined
    return {
      kind: 'scalar',
      range,
      text,
      isNull,
      // Few scalars are ever asked for the places of their characters.
      get source() {
        source ??= scalarSource(file, range, text, node.type)
        return source
      },
    }
  }

  #null(offset: number): YamlScalar {
    const range = { start: offset, end: offset }
    return { kind: 'scalar', range, text: '', isNull: true, source: LogicalText.join([{ text: '', offset }]) }
  }
}

function mergedEntries(value: YamlNode): YamlEntry[] {
  if (value.kind === 'list') return value.items.flatMap(mergedEntries)
  return value.kind === 'map' ? [...value.entries] : []
}

function isNullScalar({ value, type }: Scalar): boolean {
  return (
    value === null ||
    (type === 'PLAIN' && typeof value === 'string' && /^(?:|~|null|Null|NULL)$/u.test(value))
  )
}

function textOfScalar({ value }: Scalar): string {
  return typeof value === 'string' ? value : ''
}

function rangeOf(node: Node): TextRange {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 }
}
