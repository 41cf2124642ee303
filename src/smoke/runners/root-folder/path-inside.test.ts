import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pathInside } from './path-inside.ts'

let folder: string
let root: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everyarch-path-'))
  root = join(folder, 'root')
  await mkdir(join(root, 'usr/bin'), { recursive: true })
  await writeFile(join(root, 'usr/bin/node'), '')
  await writeFile(join(folder, 'outside'), '')
  await symlink('usr/bin', join(root, 'bin'))
  await symlink('/bin/node', join(root, 'absolute'))
  await symlink('../../../../../outside', join(root, 'usr/escaping'))
  await symlink(join(folder, 'outside'), join(root, 'escaping'))
  await symlink('loop', join(root, 'loop'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('follows links as a process inside would: an absolute one begins at the root', async () => {
  expect(await pathInside(root, '/bin/node')).toBe(join(root, 'usr/bin/node'))
  expect(await pathInside(root, '/absolute')).toBe(join(root, 'usr/bin/node'))
  expect(await pathInside(root, '/bin/../bin/node')).toBe(join(root, 'usr/bin/node'))
})

it('never leaves the root, and comes to an end', async () => {
  for (const path of [
    '/usr/escaping',
    '/escaping',
    '/../../outside',
    '/loop',
    '/absent',
    '/usr/bin/node/x',
  ]) {
    expect([path, await pathInside(root, path)]).toEqual([path, undefined])
  }
  expect(await pathInside(root, '/../..')).toBe(join(root, '/'))
})
