/** Archives that we write, in the hands of those who will read them: GNU tar, libarchive's bsdtar, and Go through umoci. */
import { createHash } from 'node:crypto'
import { createWriteStream, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compress, type LayerEntry, writeTar } from '../../src/tar/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { writeLayout } from '../engines/image-layout.ts'
import { unpackImage } from '../engines/umoci.ts'
import { type FileTree, fileIn, treeOfArchive, treeOfFolder } from './file-tree.ts'
import { piped } from './pipe.ts'

const { signal } = new AbortController()

function entry(path: string, type: LayerEntry['type'], fields: Partial<LayerEntry> = {}): LayerEntry {
  const mode = type === 'directory' ? 0o755 : 0o644
  return { path, type, mode, uid: 0, gid: 0, mtime: 1_700_000_000, size: 0, ...fields }
}

function file(path: string, size: number, fields: Partial<LayerEntry> = {}): LayerEntry {
  const content = async function* () {
    for (let left = size; left > 0; left -= 50_000) yield Buffer.alloc(Math.min(left, 50_000), path.slice(-3))
  }
  return entry(path, 'file', { size, content, ...fields })
}

const long = `app/${'0123456789/'.repeat(20)}`
const parents = Array.from({ length: 20 }, (_, i) => entry(long.slice(0, 14 + 11 * i), 'directory'))

const entries: LayerEntry[] = [
  entry('', 'directory'),
  entry('app', 'directory', { mode: 0o1775 }),
  file('app/empty', 0),
  file('app/one', 1),
  file('app/block', 512),
  file('app/large', 3_000_001, { mode: 0o4755 }),
  file(`app/${'n'.repeat(100)}`, 10),
  file(`app/${'n'.repeat(250)}`, 10),
  ...parents,
  file(`${long}file`, 10),
  file('app/größe-日本-😀', 10),
  file('app/latin1-\udce9', 10),
  file('app/with space\nand newline', 10),
  file('app/-dash', 10),
  file('app/old', 1, { mtime: 0 }),
  file('app/older', 1, { mtime: -86_400 }),
  file('app/owner', 1, { uid: 3_000_000, gid: 2_097_152 }),
  entry('app/symlink', 'symlink', { linkPath: '../target/of/link', mode: 0o777 }),
  entry('app/symlink-long', 'symlink', { linkPath: 'x/'.repeat(90), mode: 0o777 }),
  entry('app/symlink-ümlaut', 'symlink', { linkPath: 'zürich', mode: 0o777 }),
  entry('app/hardlink', 'hardlink', { linkPath: 'app/large', mode: 0o4755 }),
  entry('app/hardlink-long', 'hardlink', { linkPath: `${long}file` }),
  entry('app/null', 'character-device', { devmajor: 1, devminor: 3, mode: 0o666 }),
  entry('app/pipe', 'fifo'),
]

let folder: string
let expected: FileTree

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'everyarch-tar-'))
  await pipeline(writeTar(entries, { signal }), createWriteStream(join(folder, 'layer.tar')))
  expected = await expectedTree()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the entries make on a disk, from the entries themselves. */
async function expectedTree(): Promise<FileTree> {
  const tree: FileTree = {}
  for (const { path, type, mode, uid, gid, mtime, linkPath, content, devmajor, devminor } of entries.slice(
    1,
  )) {
    const hash = createHash('sha256')
    for await (const chunk of content?.({ signal }) ?? []) hash.update(chunk)
    tree[path] =
      type === 'hardlink'
        ? { ...(tree[linkPath ?? ''] as FileTree[string]) }
        : {
            type,
            mode,
            owner: `${uid}:${gid}`,
            mtime,
            ...(type === 'file' && { content: hash.digest('hex') }),
            ...(type === 'symlink' && { target: linkPath }),
            ...(devmajor !== undefined && { device: `${devmajor}:${devminor}` }),
          }
  }
  return tree
}

function emptyFolder(name: string): string {
  const path = join(folder, name)
  mkdirSync(path)
  return path
}

async function said(
  program: string,
  args: readonly string[],
  input?: AsyncIterable<Uint8Array>,
): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of piped(program, args, input)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

const isRoot = process.getuid?.() === 0

describeWith(['tar'], 'GNU tar', () => {
  it.skipIf(!isRoot)('unpacks every entry as it is', async () => {
    const target = emptyFolder('gnu')
    await said('tar', ['-xpf', join(folder, 'layer.tar'), '-C', target])
    expect(treeOfFolder(target)).toEqual(expected)
    const inode = (path: string) => lstatSync(fileIn(target, path)).ino
    expect(inode('app/hardlink')).toBe(inode('app/large'))
  })

  it('lists extended attributes, and nothing of an empty archive', async () => {
    const args = ['-tvvf', '-', '--xattrs', '--xattrs-include=*']
    const capability = new Map([
      ['security.capability', Buffer.from('0100000200040000000000000000000000000000', 'hex')],
    ])
    const listing = await said('tar', args, writeTar([file('ping', 5, { xattrs: capability })], { signal }))
    expect(listing).toMatch(/^-rw-r--r--\* 0\/0 +5 2023-11-14 \d\d:13 ping\n +x: 20 security\.capability\n$/)
    expect(await said('tar', ['-tf', '-'], writeTar([], { signal }))).toBe('')
  })

  it('finds the entry behind a file of more than 8 GiB', async () => {
    const size = 8 * 2 ** 30 + 1
    const zeros = new Uint8Array(1 << 20)
    const content = async function* () {
      for (let left = size; left > 0; left -= zeros.length) yield zeros.subarray(0, left)
    }
    const huge = writeTar([file('huge', size, { content }), file('behind', 1)], { signal })
    expect(await said('tar', ['-tf', '-'], huge)).toBe('huge\nbehind\n')
  })
})

describeWith(['bsdtar'], 'bsdtar', () => {
  it.skipIf(!isRoot)('unpacks every entry as it is', async () => {
    const target = emptyFolder('bsd')
    await said('bsdtar', ['-xpf', join(folder, 'layer.tar'), '-C', target, '--numeric-owner'])
    expect(treeOfFolder(target)).toEqual(expected)
  })
})

describeWith(['umoci'], 'Go, through skopeo and umoci', () => {
  it('unpacks every entry as it is', async () => {
    const layout = emptyFolder('layout')
    mkdirSync(join(layout, 'blobs/sha256'), { recursive: true })
    const diff = createHash('sha256')
    const tar = (async function* () {
      for await (const chunk of writeTar(entries, { signal })) {
        diff.update(chunk)
        yield chunk
      }
    })()
    const chunks: Uint8Array[] = []
    for await (const chunk of compress(tar, { compression: 'gzip', signal })) chunks.push(chunk)
    const blob = Buffer.concat(chunks)
    const name = createHash('sha256').update(blob).digest('hex')
    writeFileSync(join(layout, 'blobs/sha256', name), blob)
    const layer = {
      descriptor: {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: `sha256:${name}`,
        size: blob.length,
      },
      diffId: `sha256:${diff.digest('hex')}`,
    }
    await writeLayout(layout, 'x', [{ architecture: 'amd64', layers: [layer], config: {} }])
    const rootfs = await unpackImage(`oci:${layout}:x`, 'linux/amd64', join(folder, 'bundle'))
    expect(treeOfFolder(rootfs)).toEqual(expected)
  })
})

it('we read back what the others see', async () => {
  const strict: LayerEntry[] = entries.filter(({ type }) => type !== 'character-device' && type !== 'fifo')
  const { 'app/null': _device, 'app/pipe': _pipe, ...files } = expected
  expect(await treeOfArchive(writeTar(strict, { signal }))).toEqual(files)
})
