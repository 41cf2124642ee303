/** Job matrices: the rows that GitHub makes of `strategy.matrix`. https://docs.github.com/actions (strategy.matrix) */

import { entriesAt, listAt } from './yaml-access.ts'
import type { YamlMap, YamlNode } from './yaml-tree.ts'

/** One job that a matrix yields: `matrix.<path>` → value. */
export type MatrixRow = ReadonlyMap<string, string>

/** More rows than GitHub itself allows are not made. */
const maxRows = 256

/** The rows of a job; undefined when an expression decides them at run time. A job without matrix has one empty row. */
export function matrixRows(matrix: YamlNode | undefined): MatrixRow[] | undefined {
  if (!matrix) return [new Map()]
  if (matrix.kind !== 'map') return undefined
  const axes = matrix.entries.filter(({ key }) => key !== 'include' && key !== 'exclude')
  let rows: Map<string, string>[] = axes.length > 0 ? [new Map()] : []
  for (const { key, value } of axes) {
    if (value.kind !== 'list') return undefined
    rows = rows.flatMap((row) => value.items.map((item) => new Map([...row, ...flatten(key, item)])))
    if (rows.length > maxRows) return undefined
  }
  const axisNames = axes.map(({ key }) => key)
  rows = rows.filter((row) => !listItems(matrix, 'exclude').some((excluded) => matches(row, excluded)))
  for (const included of listItems(matrix, 'include')) include(rows, included, axisNames)
  return hasDynamicList(matrix) ? undefined : rows
}

function hasDynamicList(matrix: YamlMap): boolean {
  return matrix.entries.some(
    ({ key, value }) => (key === 'include' || key === 'exclude') && value.kind === 'scalar' && !value.isNull,
  )
}

function listItems(matrix: YamlMap, key: string): Map<string, string>[] {
  return (listAt(matrix, key)?.items ?? []).map(
    (item) => new Map(entriesAt(item).flatMap((entry) => flatten(entry.key, entry.value))),
  )
}

/** An included item extends every row whose axes it does not contradict; when there is none it is a row of its own. */
function include(rows: Map<string, string>[], included: Map<string, string>, axes: readonly string[]): void {
  const own = [...included].filter(([name]) => isAxis(name, axes))
  const fitting = rows.filter((row) => own.every(([name, value]) => row.get(name) === value))
  const extendable = fitting.filter(() => own.length > 0 || axes.length > 0)
  if (extendable.length === 0) rows.push(included)
  for (const row of extendable) for (const [name, value] of included) row.set(name, value)
}

function isAxis(name: string, axes: readonly string[]): boolean {
  return axes.some((axis) => name === axis || name.startsWith(`${axis}.`))
}

function matches(row: Map<string, string>, excluded: Map<string, string>): boolean {
  return [...excluded].every(([name, value]) => row.get(name) === value)
}

/** `os: { name: a }` is read as `matrix.os.name`. */
function flatten(name: string, node: YamlNode): [string, string][] {
  if (node.kind === 'scalar') return [[name, node.text]]
  if (node.kind === 'map')
    return node.entries.flatMap((entry) => flatten(`${name}.${entry.key}`, entry.value))
  return []
}
