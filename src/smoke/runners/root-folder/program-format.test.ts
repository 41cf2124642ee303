import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isRefusedByKernel } from './program-format.ts'

let root: string
const program = async (name: string, bytes: string | Uint8Array, mode = 0o755) => {
  await writeFile(join(root, name), bytes)
  await chmod(join(root, name), mode)
}
const elf = (machine: number) => {
  const bytes = Buffer.alloc(64)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  bytes.writeUInt16LE(machine, 18)
  return bytes
}
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'everyarch-program-'))
  await mkdir(join(root, 'bin'))
  await mkdir(join(root, 'app'))
  await program('bin/script', '#!/bin/sh\n')
  await program('bin/bare', 'echo\n')
  await program('bin/empty', '')
  await program('bin/amd64', elf(62))
  await program('bin/nothing', elf(0x1234))
  await program('bin/short', elf(62).subarray(0, 10))
  await program('bin/data', 'echo\n', 0o644)
  await program('app/bare', '#!/bin/sh\n')
  await symlink('/bin/bare', join(root, 'app/link'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const refused = (word: string, cwd = '/', PATH = '/bin') =>
  isRefusedByKernel(root, { argv: [word], env: { PATH }, cwd, user: { uid: 0, gid: 0, home: '/' } })

it.each(['bare', 'empty', 'nothing', 'short', '/bin/bare'])('the kernel refuses %s', async (word) => {
  expect(await refused(word)).toBe(true)
})

it.each(['script', 'amd64', '/bin/script'])('the kernel takes %s', async (word) => {
  expect(await refused(word)).toBe(false)
})

it.each(['absent', 'data', '/bin', '/bin/data', '../../../../bin/absent'])(
  'of %s, which is no program, others tell',
  async (word) => {
    expect(await refused(word)).toBe(false)
  },
)

it('looks where the image would: at its PATH in order, below its working directory, through its links', async () => {
  expect(await refused('bare', '/', '/app:/bin')).toBe(false)
  expect(await refused('bare', '/', '/absent:/bin:/app')).toBe(true)
  expect(await refused('./bare', '/app')).toBe(false)
  expect(await refused('./bare', '/bin')).toBe(true)
  expect(await refused('./link', '/app')).toBe(true)
})
