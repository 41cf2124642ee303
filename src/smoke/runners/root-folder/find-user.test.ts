import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findUser } from './find-user.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'everyarch-user-'))
  await mkdir(join(root, 'etc'))
  const users = [
    'root:x:0:0:root:/root:/bin/sh',
    'node:x:1000:1001::/home/node:/bin/bash',
    '99:x:7:7::/seven:',
  ]
  await writeFile(join(root, 'etc/passwd'), `${users.join('\n')}\n`)
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnode:x:1001:\nstaff:x:50:node\n')
})
afterAll(() => rm(root, { recursive: true, force: true }))

it.each([
  [undefined, { uid: 0, gid: 0, home: '/root' }],
  ['', { uid: 0, gid: 0, home: '/root' }],
  ['node', { uid: 1000, gid: 1001, home: '/home/node' }],
  ['1000', { uid: 1000, gid: 1001, home: '/home/node' }],
  ['node:staff', { uid: 1000, gid: 50, home: '/home/node' }],
  ['node:2000', { uid: 1000, gid: 2000, home: '/home/node' }],
  // Unknown numbers are users too: without a home, in the root group.
  ['1234', { uid: 1234, gid: 0, home: '/' }],
  ['1234:1234', { uid: 1234, gid: 1234, home: '/' }],
  // A login that looks like a number comes first, as engines have it.
  ['99', { uid: 7, gid: 7, home: '/seven' }],
  [':staff', { uid: 0, gid: 50, home: '/root' }],
])('%s', async (text, user) => {
  expect(await findUser(root, text)).toEqual(user)
})

it.each(['nobody-here', 'node:nobody-here', '-1', '12345678901'])('refuses %s', async (text) => {
  await expect(findUser(root, text)).rejects.toMatchObject({
    code: 'IMAGE_UNUSABLE',
    message: expect.stringContaining(text),
  })
})

it('an image without tables has root, and numbers', async () => {
  const bare = join(root, 'etc')
  expect(await findUser(bare)).toEqual({ uid: 0, gid: 0, home: '/' })
  expect(await findUser(bare, '5:6')).toEqual({ uid: 5, gid: 6, home: '/' })
  await expect(findUser(bare, 'root')).rejects.toMatchObject({ code: 'IMAGE_UNUSABLE' })
})
