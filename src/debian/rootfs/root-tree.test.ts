import { describe, expect, it } from 'vitest'
import { type DraftEntry, directory, symlink, textFile } from './draft-entry.ts'
import { RootTree } from './root-tree.ts'

function treeOf(...entries: DraftEntry[]): RootTree {
  const tree = new RootTree()
  for (const entry of entries) expect(tree.place(entry, 'first').kind).toBe('new')
  return tree
}

/** Where an entry goes: the paths that are written for it, or what else became of it. */
function placed(tree: RootTree, entry: DraftEntry): string {
  const placement = tree.place(entry, 'second')
  return placement.kind === 'new' ? placement.entries.map(({ path }) => path).join(' ') : placement.kind
}

describe('RootTree', () => {
  it('writes through links to folders, relative and absolute', () => {
    const tree = treeOf(directory('usr/lib'), symlink('lib', 'usr/lib'), symlink('var/run', '/run'))
    expect(placed(tree, textFile('lib/x/libc.so.6', ''))).toBe('usr/lib/x usr/lib/x/libc.so.6')
    expect(placed(tree, directory('lib'))).toBe('present')
    expect(placed(tree, directory('var/run'))).toBe('run')
    expect(placed(tree, textFile('var/run/pid', ''))).toBe('run/pid')
    expect(tree.has('lib/x/libc.so.6')).toBe(true)
    expect(tree.has('usr/lib/x/other')).toBe(false)
  })

  it('moves the target of a hard link too', () => {
    const tree = treeOf(directory('usr/bin'), symlink('bin', 'usr/bin'), textFile('bin/perl', ''))
    const link: DraftEntry = { ...textFile('bin/perl5', ''), type: 'hardlink', linkPath: 'bin/perl' }
    expect(tree.place(link, 'perl')).toMatchObject({
      kind: 'new',
      entries: [{ path: 'usr/bin/perl5', linkPath: 'usr/bin/perl' }],
    })
  })

  it('keeps folders and equal links, and reports everything else that is there', () => {
    const tree = treeOf(directory('a'), symlink('b', 'a'), textFile('c', ''))
    expect(placed(tree, directory('a'))).toBe('present')
    expect(placed(tree, symlink('a', 'elsewhere'))).toBe('present')
    expect(placed(tree, symlink('b', 'a'))).toBe('present')
    expect(tree.place(symlink('b', 'c'), 'second')).toEqual({ kind: 'conflict', path: 'b', owner: 'first' })
    expect(placed(tree, textFile('c', ''))).toBe('conflict')
    expect(placed(tree, directory('c'))).toBe('conflict')
    expect(placed(tree, directory(''))).toBe('present')
  })

  it('never leaves the root, and gives up on links in a circle', () => {
    const tree = treeOf(symlink('up', '../../..'), symlink('one', 'two'), symlink('two', 'one'))
    expect(placed(tree, textFile('up/etc/passwd', ''))).toBe('etc etc/passwd')
    expect(() => placed(tree, textFile('one/x', ''))).toThrow(
      expect.objectContaining({ code: 'DEBIAN_PACKAGE_MALFORMED' }),
    )
  })
})
