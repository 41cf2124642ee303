import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compareTrees, type TreeEntry } from '../../../project/index.ts'
import { dependencySnapshot } from './dependency-snapshot.ts'
import { backUp, undoChange } from './tree-backup.ts'

describe('undoChange', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tree-backup-'))
    mkdirSync(join(root, 'node_modules/a/bin'), { recursive: true })
    mkdirSync(join(root, 'node_modules/.bin'))
    write('node_modules/a/index.js', 'one')
    write('node_modules/a/bin/run', 'program')
    chmodSync(join(root, 'node_modules/a/bin/run'), 0o755)
    symlinkSync('../a/bin/run', join(root, 'node_modules/.bin/a'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const write = (path: string, text: string) => writeFileSync(join(root, path), text)
  const look = () => dependencySnapshot(root, [''])
  /** without inodes and times, which a restored file has anew */
  const shape = (entries: TreeEntry[]) =>
    entries.map(({ path, type, executable, identity }) => [
      path,
      type,
      executable,
      identity.split(':').at(-2),
    ])

  function scripts(): void {
    write('node_modules/a/index.js', 'changed')
    unlinkSync(join(root, 'node_modules/a/bin/run'))
    unlinkSync(join(root, 'node_modules/.bin/a'))
    mkdirSync(join(root, 'node_modules/.generated/deep'), { recursive: true })
    write('node_modules/.generated/deep/client.js', '7')
  }

  it('brings back what was there, when it was told what would change', () => {
    const before = look()
    const paths = [
      'node_modules/a/index.js',
      'node_modules/a/bin/run',
      'node_modules/.bin/a',
      'node_modules/no/such',
    ]
    const backup = backUp(root, paths, join(root, '.backup'))
    scripts()
    expect(undoChange(root, compareTrees(before, look()), backup)).toBe(true)
    expect(shape(look())).toEqual(shape(before))
  })

  it('deletes what was added without being told', () => {
    const before = look()
    mkdirSync(join(root, 'node_modules/.prisma/client'), { recursive: true })
    write('node_modules/.prisma/client/index.js', '')
    write('node_modules/a/added.js', '')
    expect(undoChange(root, compareTrees(before, look()), backUp(root, [], join(root, '.backup')))).toBe(true)
    expect(look()).toEqual(before)
  })

  it('touches nothing when something else changed', () => {
    const before = look()
    const backup = backUp(root, ['node_modules/a/index.js'], join(root, '.backup'))
    scripts()
    const after = look()
    expect(undoChange(root, compareTrees(before, after), backup)).toBe(false)
    expect(look()).toEqual(after)
  })
})
