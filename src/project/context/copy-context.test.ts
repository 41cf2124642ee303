import { lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { signal, temporaryProject } from '../fixtures/temporary-project.ts'
import { copyContext } from './copy-context.ts'
import { digestContext } from './digest-context.ts'
import { walkContext } from './walk-context.ts'

const tree = {
  'src/a.ts': 'a',
  'src/run': { executable: 'x' },
  link: { link: '/etc/passwd' },
  empty: { folder: true },
} as const

describe('copyContext', () => {
  it('copies contents, executable bits and links; normalises modes and times', async () => {
    const from = await temporaryProject(tree)
    const to = join(await temporaryProject({}), 'copy')
    const umask = process.umask(0o077)
    onTestFinished(() => void process.umask(umask))
    const entries = await walkContext(from, { signal })
    await copyContext(from, to, entries, { signal, mtime: 1000 })
    const facts = (path: string) => {
      const { mode, mtimeMs } = lstatSync(join(to, path))
      return [(mode & 0o7777).toString(8), mtimeMs]
    }
    expect(readFileSync(join(to, 'src/a.ts'), 'utf8')).toBe('a')
    expect(readlinkSync(join(to, 'link'))).toBe('/etc/passwd')
    expect(facts('src/a.ts')).toEqual(['644', 1_000_000])
    expect(facts('src/run')).toEqual(['755', 1_000_000])
    expect(facts('src')).toEqual(['755', 1_000_000])
    expect(facts('empty')).toEqual(['755', 1_000_000])
    expect(facts('link')[1]).toBe(1_000_000)
    const copied = await walkContext(to, { signal })
    const digestOf = async (root: string, list: typeof entries) =>
      (await digestContext(root, list, { signal })).digest
    expect(await digestOf(to, copied)).toBe(await digestOf(from, entries))
  })

  it('leaves what else is in the folder alone, and never overwrites', async () => {
    const from = await temporaryProject(tree)
    const to = await temporaryProject({ 'node_modules/x': 'kept' })
    const entries = await walkContext(from, { signal })
    await copyContext(from, to, entries, { signal })
    expect(readFileSync(join(to, 'node_modules/x'), 'utf8')).toBe('kept')
    await expect(copyContext(from, to, entries, { signal })).rejects.toMatchObject({
      code: 'CONTEXT_COPY_FAILED',
      kind: 'environment',
    })
  })

  it('refuses a file that is not what the walk saw, or is gone', async () => {
    const from = await temporaryProject({ a: 'one' })
    const entries = await walkContext(from, { signal })
    const to = await temporaryProject({})
    writeFileSync(join(from, 'a'), 'two!')
    await expect(copyContext(from, join(to, '1'), entries, { signal })).rejects.toMatchObject({
      code: 'CONTEXT_CHANGED',
    })
    const ghost = [{ type: 'file', path: 'b', size: 1, executable: false, stamp: '' }] as const
    await expect(copyContext(from, join(to, '2'), ghost, { signal })).rejects.toMatchObject({
      code: 'CONTEXT_CHANGED',
    })
  })

  it('stops when it is cancelled', async () => {
    const from = await temporaryProject(tree)
    const to = await temporaryProject({})
    mkdirSync(join(to, 'x'))
    const entries = await walkContext(from, { signal })
    await expect(
      copyContext(from, join(to, 'x'), entries, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
  })
})
