import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildTree } from './build-tree.ts'
import type { LayerMember as Member } from './layer-member.ts'

type LayerMember = Member<never>

const file = (path: string): LayerMember => [path, 'file', 0o644, 1]
const directory = (path: string): LayerMember => [path, 'directory', 0o755, 0]
const symlink = (path: string, link: string): LayerMember => [path, 'symlink', 0o777, 0, { link }]
const hardlink = (path: string, link: string): LayerMember => [path, 'hardlink', 0o644, 0, { link }]

function treeOf(...layers: LayerMember[][]) {
  return buildTree(layers.map((members) => ({ members })))
}

function pathsOf(...layers: LayerMember[][]): string[] {
  return [...treeOf(...layers).nodes()]
    .filter(({ children }) => !children)
    .map(({ path }) => path)
    .sort()
}

describe('layers over one another', () => {
  it('a higher file replaces a lower one', () => {
    expect(treeOf([file('a')], [file('a')]).find('/a')?.layer).toBe(1)
  })

  it('a whiteout hides what lower layers have, and nothing of its own layer', () => {
    expect(pathsOf([file('d/a'), file('d/b')], [file('d/.wh.a')])).toEqual(['d/b'])
    expect(pathsOf([file('d/a/b'), file('d/c')], [file('d/.wh.a')])).toEqual(['d/c'])
    expect(pathsOf([file('d/a')], [file('d/a'), file('d/.wh.a')])).toEqual(['d/a'])
  })

  it('an opaque directory hides everything in it', () => {
    expect(pathsOf([file('d/a'), file('d/e/b'), file('f')], [file('d/c'), file('d/.wh..wh..opq')])).toEqual([
      'd/c',
      'f',
    ])
  })

  it('a directory over a directory keeps its content, over anything else replaces it', () => {
    expect(pathsOf([file('d/a')], [directory('d')])).toEqual(['d/a'])
    expect(pathsOf([file('d')], [file('d/a')])).toEqual(['d/a'])
    expect(pathsOf([file('real/a'), symlink('d', 'real')], [directory('d')])).toEqual(['real/a'])
  })

  it('parents that are links are followed, and told', () => {
    const tree = treeOf([directory('usr/lib'), symlink('lib', 'usr/lib')], [file('lib/x')])
    expect(tree.find('/usr/lib/x')?.path).toBe('usr/lib/x')
    expect(tree.problems).toEqual([{ problem: 'through-symlink', path: 'lib/x', layer: 1 }])
  })

  it('hard links share content, and lead somewhere', () => {
    const tree = treeOf(
      [file('a')],
      [hardlink('b', 'a'), hardlink('c', 'nowhere'), directory('d'), hardlink('e', 'd')],
    )
    expect(tree.find('/b')).toMatchObject({ path: 'b', type: 'file', size: 1, layer: 1 })
    expect(tree.problems.map(({ path }) => path)).toEqual(['c', 'e'])
  })
})

it('a folder of any size is gone through', () => {
  const many = Array.from({ length: 300_000 }, (_, index) => file(`d/${index}`))
  expect([...treeOf(many).nodes()]).toHaveLength(300_001)
})

describe('find', () => {
  const tree = treeOf([
    file('usr/lib/x.so.1.2'),
    symlink('usr/lib/x.so', 'x.so.1.2'),
    symlink('lib', 'usr/lib'),
    symlink('absolute', '/usr/lib/x.so'),
    symlink('above', '../../../usr/lib/x.so'),
    symlink('loop', 'loop/loop'),
    symlink('a', 'b'),
    symlink('b', 'a'),
  ])

  it.each(['usr/lib/x.so.1.2', '/usr//lib/./x.so', '/lib/x.so', '/absolute', 'above', '/lib/../lib/x.so'])(
    '%s',
    (path) => {
      expect(tree.find(path)?.path).toBe('usr/lib/x.so.1.2')
    },
  )

  it.each(['/nothing', '/usr/lib/x.so.1.2/more', '/loop', '/a', '/b/c'])('not %s', (path) => {
    expect(tree.find(path)).toBeUndefined()
  })

  it('a link itself', () => {
    expect(tree.findLink('/lib/x.so')).toMatchObject({ type: 'symlink', link: 'x.so.1.2' })
  })
})

describe('any members', () => {
  const segment = fc.constantFrom('a', 'b', 'c', '..', '.', '', '.wh.a', '.wh..wh..opq', '.wh.')
  const path = fc.array(segment, { maxLength: 4 }).map((segments) => segments.join('/'))
  const member = fc
    .tuple(path, fc.constantFrom('file', 'directory', 'symlink', 'hardlink', 'fifo'), path)
    .map(([at, type, link]): LayerMember => [at, type as 'file', 0o644, 0, { link }])

  it('make a tree in which every node is found at its path', () => {
    fc.assert(
      fc.property(fc.array(fc.array(member, { maxLength: 12 }), { maxLength: 4 }), (layers) => {
        const tree = treeOf(...layers)
        for (const node of tree.nodes()) {
          expect(tree.findLink(node.path)).toBe(node)
          expect(node.path.split('/')).not.toContain('..')
        }
      }),
    )
  })
})
