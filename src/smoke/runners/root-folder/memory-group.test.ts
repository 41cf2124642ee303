import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MemoryGroups } from './memory-group.ts'

// A folder in the place of the kernel's: what the kernel makes of it, test/smoke/broken-images.test.ts shows.
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everyarch-groups-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it.each([
  [1, 'memory.limit_in_bytes'],
  [2, 'memory.max'],
] as const)('a group of version %i says its bound, and each container has its own', async (version, file) => {
  const groups = new MemoryGroups('shop', { folder, version })
  const { entering } = await groups.make(7 << 20)
  await groups.make(8 << 20)
  expect(await readdir(folder)).toEqual(['shop-1', 'shop-2'])
  expect(await readFile(join(folder, 'shop-1', file), 'utf8')).toBe(`${7 << 20}`)
  expect(entering.at(-1)).toBe(join(folder, 'shop-1'))
  expect(groups.prefix).toBe(join(folder, 'shop'))
})

it.each<[1 | 2, Record<string, string>, number, boolean]>([
  [1, { 'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n' }, 1, true],
  [1, { 'memory.oom_control': 'oom_kill 0\n', 'memory.max_usage_in_bytes': '1000\n' }, 137, false],
  [1, { 'memory.oom_control': 'oom_kill 0\n', 'memory.max_usage_in_bytes': '1073737728\n' }, 137, true],
  [1, { 'memory.oom_control': 'oom_kill 0\n', 'memory.max_usage_in_bytes': '1073737728\n' }, 1, false],
  [2, { 'memory.events': 'low 0\nmax 3\noom 1\noom_kill 2\noom_group_kill 0\n' }, 1, true],
  [2, { 'memory.events': 'oom_kill 0\n', 'memory.peak': '1073741824\n' }, 137, true],
  [2, { 'memory.events': 'oom_kill 0\n', 'memory.peak': '1000\n' }, 137, false],
  [2, {}, 137, false],
])('of version %i with %j and exit code %i: out of memory %s', async (version, files, exitCode, wanted) => {
  const group = await new MemoryGroups('shop', { folder, version }).make(1 << 30)
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'shop-1', name), text)
  expect(await group.ranOut(exitCode)).toBe(wanted)
})

it('without a place for groups, nothing is bounded and nothing fails', async () => {
  const groups = new MemoryGroups('shop', { folder: join(folder, 'absent'), version: 2 })
  const group = await groups.make(1 << 30)
  expect([group.isBounded, group.entering]).toEqual([false, []])
  expect(await group.ranOut(137)).toBe(false)
  await group.remove()
})

it('goes with the groups that a runtime made in it', async () => {
  const groups = new MemoryGroups('shop', { folder, version: 1 })
  const group = await groups.make(1 << 30)
  await rm(join(folder, 'shop-1/memory.limit_in_bytes'))
  await mkdir(join(folder, 'shop-1/container'))
  await group.remove()
  expect(await readdir(folder)).toEqual([])
})
