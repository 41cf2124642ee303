/** Two file systems, entry by entry. */
import { compareText } from '../base/index.ts'
import type { FileTree, TreeNode } from '../rootfs/index.ts'
import type { DifferenceKind, FileDifference } from './comparison.ts'
import type { FileIdentity } from './read-layer-files.ts'

type Node = TreeNode<FileIdentity>

export interface TreeComparison {
  differences: FileDifference[]
  /** entries whose modification times differ, and nothing else about them */
  times: FileDifference[]
  entries: { a: number; b: number }
}

/** By path. Hard links are compared as the files they are: engines may store them as copies. */
export function compareTrees(a: FileTree<FileIdentity>, b: FileTree<FileIdentity>): TreeComparison {
  const inA = nodesOf(a)
  const inB = nodesOf(b)
  const paths = [...new Set([...inA.keys(), ...inB.keys()])].sort(compareText)
  const differences: FileDifference[] = []
  const times: FileDifference[] = []
  let skip = ''
  for (const path of paths) {
    if (skip !== '' && path.startsWith(skip)) continue
    const left = inA.get(path)
    const right = inB.get(path)
    if (left && right) {
      const found = compareNodes(left, right)
      differences.push(...found)
      if (found.length === 0) times.push(...timeDifference(left, right))
      continue
    }
    const node = left ?? right
    if (!node) continue
    differences.push(onlyIn(left ? 'a' : 'b', node))
    if (node.children) skip = `${path}/`
  }
  return { differences, times, entries: { a: inA.size, b: inB.size } }
}

function nodesOf(tree: FileTree<FileIdentity>): Map<string, Node> {
  return new Map([...tree.nodes()].map((node) => [node.path, node]))
}

function onlyIn(side: 'a' | 'b', node: Node): FileDifference {
  let below = -1
  for (const waiting = [node]; waiting.length > 0; below++)
    waiting.push(...(waiting.pop()?.children?.values() ?? []))
  return {
    path: node.path,
    kind: `only-in-${side}`,
    [side]: describe(node),
    ...(below > 0 ? { below } : {}),
  }
}

function describe({ type, size, link }: Node): string {
  if (type === 'file') return `${size} bytes`
  return type === 'symlink' ? `link to ${link ?? ''}` : type
}

function compareNodes(a: Node, b: Node): FileDifference[] {
  if (a.type !== b.type) return [difference(a, 'type', describe(a), describe(b))]
  const facts: [DifferenceKind, string, string][] = [
    ['content', contentOf(a), contentOf(b)],
    ['link', a.link ?? '', b.link ?? ''],
    // Linux knows no mode of a link.
    ['mode', a.type === 'symlink' ? '' : octal(a.mode), b.type === 'symlink' ? '' : octal(b.mode)],
    ['owner', a.content?.owner ?? '0:0', b.content?.owner ?? '0:0'],
    ['device', a.content?.device ?? '', b.content?.device ?? ''],
    ['attributes', a.content?.attributes ?? '', b.content?.attributes ?? ''],
  ]
  return facts.flatMap(([kind, left, right]) => (left === right ? [] : [difference(a, kind, left, right)]))
}

function timeDifference(a: Node, b: Node): FileDifference[] {
  const [left, right] = [a.content?.time, b.content?.time]
  if (left === undefined || right === undefined || left === right) return []
  return [difference(a, 'time', isoTime(left), isoTime(right))]
}

function difference({ path }: Node, kind: DifferenceKind, a: string, b: string): FileDifference {
  return { path, kind, a, b }
}

function contentOf({ type, size, content }: Node): string {
  return type === 'file' ? `${size} bytes ${content?.digest ?? ''}` : ''
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

/** Seconds as people read them; a stranger's number may be no date. */
function isoTime(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? `${seconds}` : date.toISOString()
}
