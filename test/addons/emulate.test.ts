/** An addon compiled in a root of the base image, by the platform's own programs under QEMU. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyarch } from '../build/everyarch.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { run } from '../engines/run.ts'

describeWith(['base-image', 'qemu', 'crun'], 'an addon that is compiled under emulation', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-emulate-'))
    await ensureQemu(['arm64'])
    const manifest = {
      name: 'sockets',
      version: '1.0.0',
      dependencies: { 'unix-dgram': '2.0.7' },
      scripts: { start: 'node server.js' },
    }
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
    await writeFile(join(folder, 'server.js'), 'require("unix-dgram").createSocket("unix_dgram")')
    await run('npm', ['install', '--package-lock-only', '--omit-lockfile-registry-resolved=true'], {
      cwd: folder,
    })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const build = async (addons: object, { signal, ...env }: { signal?: AbortSignal; PATH?: string } = {}) => {
    const config = { base: await nodeBaseImage(), platforms: ['linux/arm64'], addons }
    await writeFile(join(folder, 'everyarch.config.json'), JSON.stringify(config))
    const args = ['build', '.', '--output', 'oci:layout:1.0', '--cache-dir', 'cache', '--progress', 'plain']
    return everyarch(args, { cwd: folder, env, ...(signal ? { signal } : {}) })
  }
  const roots = async () =>
    (await readdir(join(folder, 'cache/tmp')).catch(() => [])).map((name) =>
      join(folder, 'cache/tmp', name, 'root'),
    )

  it('is the last way, where no compiler of this machine makes programs for the platform', async () => {
    const bin = await pathWithoutCompilers(join(folder, 'bin'))
    const { exitCode, stderr } = await build({}, { PATH: bin })
    expect(stderr).toMatch(
      /unix-dgram@2\.0\.7 must be compiled for linux\/arm64, and this machine has no compiler/,
    )
    expect(stderr).toContain('unix-dgram@2.0.7 compiled for linux/arm64 under emulation')
    expect(exitCode).toBe(0)
    expect(await roots()).toEqual([])
    const again = await build({}, { PATH: bin })
    expect(again.stderr).toContain('unix-dgram@2.0.7 for linux/arm64, compiled before')
  })

  it('leaves nothing behind when it is interrupted', async () => {
    const interruption = new AbortController()
    const building = build(
      { 'unix-dgram': { emulate: true, script: 'touch ../../begun; sleep 3600' } },
      { signal: interruption.signal },
    )
    const begun = async () =>
      (await roots()).some((root) => existsSync(join(root, 'everyarch-build/app/begun')))
    while (!(await begun())) await Promise.race([wait(100), building])
    interruption.abort()
    expect((await building).exitCode).toBe(130)
    expect(await roots()).toEqual([])
  })
})

/** A folder of links to all programs of this machine but those that would compile for arm64. */
async function pathWithoutCompilers(folder: string): Promise<string> {
  await mkdir(folder)
  for (const place of (process.env.PATH ?? '').split(delimiter))
    for (const name of await readdir(place).catch(() => []))
      if (!/^(?:aarch64-|clang|zig)/.test(name))
        await symlink(join(place, name), join(folder, name)).catch(() => {})
  return folder
}
