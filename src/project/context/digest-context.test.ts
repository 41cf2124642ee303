import { chmodSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signal, temporaryProject, type TreeNode } from '../fixtures/temporary-project.ts'
import { digestContext } from './digest-context.ts'
import { digestRecordsFile, type DigestRecords } from './digest-records.ts'
import { walkContext } from './walk-context.ts'

/** A moment when all files of a test have long settled. */
const later = Date.now() + 3_600_000

function memory(): DigestRecords & { text: string | undefined; saves: number } {
  return {
    text: undefined,
    saves: 0,
    async load() {
      return this.text
    },
    async save(text) {
      this.text = text
      this.saves++
    },
  }
}

async function digest(root: string, records?: DigestRecords, now = later) {
  const entries = await walkContext(root, { signal })
  return digestContext(root, entries, { signal, now, ...(records ? { records } : {}) })
}

const tree: Record<string, TreeNode> = {
  'a.ts': 'a',
  'b/c.ts': 'c',
  run: { executable: 'x' },
  link: { link: 'a.ts' },
  empty: { folder: true },
}

describe('digestContext', () => {
  it('depends on contents alone: not on folder, times and other modes', async () => {
    const one = await temporaryProject(tree)
    const two = await temporaryProject(tree)
    utimesSync(join(two, 'a.ts'), 1, 1)
    chmodSync(join(two, 'a.ts'), 0o640)
    expect((await digest(one)).digest).toBe((await digest(two)).digest)
  })

  it.each([
    ['a content', { 'a.ts': 'A' }],
    ['a name', { 'a2.ts': 'a' }],
    ['an executable bit', { run: 'x' }],
    ['a link', { link: { link: 'b/c.ts' } }],
    ['an empty folder', { empty2: { folder: true } }],
  ] as [string, Record<string, TreeNode>][])('differs by %s', async (_, change) => {
    const one = await temporaryProject(tree)
    const two = await temporaryProject({ ...tree, ...change })
    expect((await digest(one)).digest).not.toBe((await digest(two)).digest)
  })

  it('gives the digest of every file, small and large', async () => {
    const root = await temporaryProject({ small: 'abc', large: 'x'.repeat(700_000) })
    const { files } = await digest(root)
    expect(Object.fromEntries(files)).toEqual({
      small: 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      large: 'sha256:09f143a886696ba31189656dffc5d4cd14effc15ad33d00066ebe5d70b3649ff',
    })
  })

  it('reads a remembered file again only when its stamp differs', async () => {
    const root = await temporaryProject(tree)
    const records = memory()
    const first = await digest(root, records)
    expect(records.saves).toBe(1)
    // A forged memory shows that an unchanged file is not read: its forged digest comes back.
    const forged = `sha256:${'0'.repeat(64)}`
    records.text = records.text?.replace(first.files.get('a.ts') as string, forged)
    expect((await digest(root, records)).files.get('a.ts')).toBe(forged)
    expect(records.saves).toBe(1)
    writeFileSync(join(root, 'a.ts'), 'changed')
    expect((await digest(root, records)).files.get('a.ts')).not.toBe(forged)
    expect(records.saves).toBe(2)
  })

  it('notices a change that keeps size and modification time', async () => {
    const root = await temporaryProject({ a: 'one' })
    const records = memory()
    const before = await digest(root, records)
    const { atime, mtime } = statSync(join(root, 'a'))
    writeFileSync(join(root, 'a'), 'two')
    utimesSync(join(root, 'a'), atime, mtime)
    expect((await digest(root, records)).digest).not.toBe(before.digest)
  })

  it('does not remember a file that changed a moment ago', async () => {
    const root = await temporaryProject({ a: 'one' })
    const records = memory()
    await digest(root, records, statSync(join(root, 'a')).ctimeMs + 1000)
    expect(records.text).not.toContain(' a')
    await digest(root, records, statSync(join(root, 'a')).ctimeMs + 3000)
    expect(records.text).toContain(' a')
  })

  it('forgets what is gone, and survives damaged records', async () => {
    const root = await temporaryProject({ a: 'one' })
    const records = memory()
    await digest(root, records)
    records.text += 'garbage\n1:2 sha256:xyz b\n'
    const expected = (await digest(root)).digest
    expect((await digest(root, records)).digest).toBe(expected)
    records.text = 'another version\nx'
    expect((await digest(root, records)).digest).toBe(expected)
  })

  it('refuses a file that is not what the walk saw', async () => {
    const root = await temporaryProject({ a: 'one' })
    const entries = await walkContext(root, { signal })
    writeFileSync(join(root, 'a'), 'longer')
    await expect(digestContext(root, entries, { signal })).rejects.toMatchObject({
      code: 'CONTEXT_CHANGED',
      retryable: true,
    })
  })
})

describe('digestRecordsFile', () => {
  it('keeps its text, and forgets where it cannot write', async () => {
    const root = await temporaryProject({ file: '' })
    const records = digestRecordsFile(join(root, 'cache/x/digests'))
    expect(await records.load({ signal })).toBeUndefined()
    await records.save('text', { signal })
    expect(await records.load({ signal })).toBe('text')
    const blocked = digestRecordsFile(join(root, 'file/x'))
    await blocked.save('text', { signal })
    expect(await blocked.load({ signal })).toBeUndefined()
  })
})
