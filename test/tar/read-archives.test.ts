/** Archives that others write, in all their formats: what we read is what lies on the disk. */
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../engines/describe-with.ts'
import { type FileTree, fileIn, treeOfArchive, treeOfFolder } from './file-tree.ts'
import { piped } from './pipe.ts'

let folder: string
let plain: string
let expected: FileTree
let expectedPlain: FileTree

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'everyarch-tar-'))
  plain = join(folder, 'plain')
  const hard = join(folder, 'hard')
  for (const root of [plain, hard]) makePlainFiles(root)
  makeHardFiles(hard)
  for (const root of [plain, hard])
    execFileSync('find', [root, '-exec', 'touch', '-hd', '@1600000000', '{}', '+'])
  utimesSync(join(hard, 'old'), 1, 1)
  expectedPlain = treeOfFolder(plain)
  expected = treeOfFolder(hard)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What even v7 archives can hold. */
function makePlainFiles(root: string): void {
  mkdirSync(join(root, 'a/b'), { recursive: true })
  for (const size of [0, 1, 511, 512, 513, 100_000]) writeFileSync(join(root, `a/f${size}`), 'x'.repeat(size))
  writeFileSync(join(root, 'a/b/script'), '#!/bin/sh\n', { mode: 0o755 })
  symlinkSync('../a/f1', join(root, 'a/link'))
  linkSync(join(root, 'a/f513'), join(root, 'a/hardlink'))
}

function makeHardFiles(root: string): void {
  mkdirSync(join(root, 'deep', '0123456789/'.repeat(30)), { recursive: true })
  writeFileSync(join(root, 'deep', '0123456789/'.repeat(30), 'file'), 'deep')
  writeFileSync(join(root, 'n'.repeat(255)), 'long')
  writeFileSync(join(root, 'größe-日本-😀'), 'unicode')
  writeFileSync(fileIn(root, 'latin1-\udce9'), 'not UTF-8')
  writeFileSync(join(root, 'with\nnewline'), '')
  writeFileSync(join(root, 'old'), '')
  symlinkSync('x/'.repeat(100), join(root, 'symlink-long'))
  if (process.getuid?.() === 0) {
    writeFileSync(join(root, 'owned'), '')
    execFileSync('chown', ['3000000:2500000', join(root, 'owned')])
  }
  makeSparseFile(join(root, 'sparse'), 3_000_000, 40)
  makeSparseFile(join(root, 'sparse-hole'), 2_000_000, 0)
}

/** A file with this many regions of data, with holes between them. */
function makeSparseFile(path: string, size: number, regions: number): void {
  const file = openSync(path, 'w')
  ftruncateSync(file, size)
  for (let i = 0; i < regions; i++) writeSync(file, 'data', 4096 + i * 70_000)
  closeSync(file)
}

const archived = (program: string, args: readonly string[], root: string) =>
  treeOfArchive(piped(program, [...args, '-cf', '-', '-C', root, '.']))

describeWith(['tar'], 'GNU tar', () => {
  it.each(['v7', 'ustar', 'oldgnu', 'gnu', 'posix'])('writes %s', async (format) => {
    expect(await archived('tar', [`--format=${format}`], plain)).toEqual(expectedPlain)
  })

  it.each([
    ['--format=gnu'],
    ['--format=posix'],
    ['--format=gnu', '--sparse'],
    ['--format=oldgnu', '--sparse'],
    ['--format=posix', '--sparse', '--sparse-version=0.0'],
    ['--format=posix', '--sparse', '--sparse-version=0.1'],
    ['--format=posix', '--sparse', '--sparse-version=1.0'],
  ])('writes long, odd and sparse files with %s %s %s', async (...args) => {
    const tree = await archived('tar', args, join(folder, 'hard'))
    expect(tree).toEqual(expected)
  })
})

describeWith(['bsdtar'], 'bsdtar', () => {
  it.each(['v7', 'ustar', 'gnutar', 'pax'])('writes %s', async (format) => {
    expect(await archived('bsdtar', [`--format=${format}`], plain)).toEqual(expectedPlain)
  })

  it.each(['gnutar', 'pax'])('writes long, odd and sparse files as %s', async (format) => {
    expect(await archived('bsdtar', [`--format=${format}`], join(folder, 'hard'))).toEqual(expected)
  })
})
