import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { signal, temporaryProject } from '../fixtures/temporary-project.ts'
import { parseIgnoreRules } from './ignore-rules.ts'
import { walkContext } from './walk-context.ts'

const names = async (root: string, options: Partial<Parameters<typeof walkContext>[1]> = {}) =>
  (await walkContext(root, { signal, ...options })).map(({ path }) => path)

describe('walkContext', () => {
  it('gives files, folders and links, sorted, without following anything', async () => {
    const root = await temporaryProject({
      'src/b.ts': 'b',
      'src/a/x.ts': 'xx',
      'src-x': '',
      'run.sh': { executable: '#!/bin/sh' },
      empty: { folder: true },
      outside: { link: '/etc' },
      loop: { link: '.' },
      dangling: { link: 'nowhere' },
    })
    const entries = await walkContext(root, { signal })
    expect(entries.map(({ path }) => path)).toEqual([
      'dangling',
      'empty',
      'loop',
      'outside',
      'run.sh',
      'src',
      'src-x',
      'src/a',
      'src/a/x.ts',
      'src/b.ts',
    ])
    const by = (path: string) => entries.find((entry) => entry.path === path)
    expect(by('outside')).toEqual({ type: 'symlink', path: 'outside', target: '/etc' })
    expect(by('run.sh')).toMatchObject({ type: 'file', executable: true, size: 9 })
    expect(by('src/a/x.ts')).toMatchObject({ type: 'file', executable: false, size: 2 })
    expect(by('empty')).toEqual({ type: 'directory', path: 'empty' })
  })

  it('leaves out node_modules and .git wherever they stand, unless told otherwise', async () => {
    const root = await temporaryProject({
      'node_modules/a/x': '',
      '.git/HEAD': '',
      'packages/b/node_modules/y': '',
      'packages/b/.git': 'gitdir: x',
      z: '',
    })
    expect(await names(root)).toEqual(['packages', 'packages/b', 'z'])
    expect(await names(root, { leaveOut: ['.git'] })).toContain('packages/b/node_modules/y')
  })

  it('takes the parents of what an exception takes in again', async () => {
    const root = await temporaryProject({
      'docs/api/x.md': '',
      'docs/api/y.md': '',
      'docs/other/z': '',
      a: '',
    })
    const ignore = parseIgnoreRules('docs\n!docs/api/x.md')
    expect(await names(root, { ignore })).toEqual(['a', 'docs', 'docs/api', 'docs/api/x.md'])
  })

  it('refuses what an image cannot hold, unless it is ignored', async () => {
    const root = await temporaryProject({ x: '' })
    await promisify(execFile)('mkfifo', [join(root, 'pipe')])
    await expect(walkContext(root, { signal })).rejects.toMatchObject({
      code: 'CONTEXT_SPECIAL_FILE',
      message: 'pipe is a named pipe, which no image can hold',
    })
    expect(await names(root, { ignore: parseIgnoreRules('pipe') })).toEqual(['x'])
    const server = createServer()
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(join(root, 'a.sock'), resolve))
    await expect(walkContext(root, { signal })).rejects.toMatchObject({
      message: expect.stringContaining('a socket'),
    })
  })

  it('refuses a name that is not UTF-8, and takes one that is a replacement character', async () => {
    const root = await temporaryProject({ 'dir/\uFFFD.txt': '' })
    expect(await names(root)).toEqual(['dir', 'dir/\uFFFD.txt'])
    const broken = Buffer.concat([Buffer.from(join(root, 'dir') + '/'), Buffer.from([0x66, 0xfc])])
    writeFileSync(broken, '')
    onTestFinished(() => rmSync(broken, { force: true }))
    await expect(walkContext(root, { signal })).rejects.toMatchObject({
      code: 'CONTEXT_NAME_INVALID',
      message: 'dir holds a file whose name is not UTF-8: "fü"',
    })
  })

  it('is bounded, and says what cannot be read', async () => {
    const root = await temporaryProject({ a: '', b: '', c: '' })
    await expect(walkContext(root, { signal, maxEntries: 2 })).rejects.toMatchObject({
      code: 'CONTEXT_TOO_LARGE',
    })
    await expect(walkContext(join(root, 'gone'), { signal })).rejects.toMatchObject({
      code: 'CONTEXT_UNREADABLE',
    })
  })

  it('stops when it is cancelled', async () => {
    const root = await temporaryProject({ a: '' })
    await expect(walkContext(root, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
  })

  it('goes as deep as the file system does', async () => {
    const root = await temporaryProject({})
    const deep = Array.from({ length: 300 }, () => 'd').join('/')
    mkdirSync(join(root, deep), { recursive: true })
    expect(await names(root)).toHaveLength(300)
  })
})
