import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { boundedMake } from './bounded-make.ts'
import { writeScript } from './compile/compiler-scripts.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everyarch-make-'))
  await mkdir(join(folder, 'ours'))
  await mkdir(join(folder, 'real'))
  await writeScript(join(folder, 'ours/make'), boundedMake(3))
  await writeScript(join(folder, 'real/make'), 'printf "%s|" "$@"\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const make = async (folders: readonly string[], args: readonly string[]) => {
  const PATH = [...folders.map((name) => join(folder, name)), '/usr/bin', '/bin'].join(':')
  const { stdout } = await promisify(execFile)('make', [...args], { env: { PATH } })
  return stdout.split('|').slice(0, -1)
}

it.each([
  [
    ['-j', '-C', 'lib', 'all'],
    ['-j3', '-C', 'lib', 'all'],
  ],
  [
    ['all', '--jobs'],
    ['all', '-j3'],
  ],
  [
    ['-j', '8', 'all'],
    ['-j8', 'all'],
  ],
  [['-j8'], ['-j8']],
  [
    ['V=a b', ''],
    ['V=a b', ''],
  ],
])('%j becomes %j', async (args, expected) => {
  expect(await make(['ours', 'real'], args)).toEqual(expected)
})

it('finds the real one wherever the scripts stand in PATH', async () => {
  expect(await make(['real-not', 'ours', 'real'], ['-j'])).toEqual(['-j3'])
})
