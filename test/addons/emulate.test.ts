/** An addon compiled in a root of the base image, by the platform's own programs under QEMU. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyarch } from '../build/everyarch.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { addLayer, type Descriptor, writeLayout } from '../engines/image-layout.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { run } from '../engines/run.ts'

describeWith(['base-image', 'qemu', 'crun', 'skopeo'], 'an addon that is compiled under emulation', () => {
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

  const build = async (
    addons: object,
    { signal, base, ...env }: { signal?: AbortSignal; base?: string; PATH?: string } = {},
  ) => {
    const platforms = [base ? 'linux/amd64' : 'linux/arm64']
    const config = { base: base ?? (await nodeBaseImage()), platforms, addons }
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

  it("is compiled with what the base's own package manager installs, where that is no Debian", async () => {
    const base = await derivedBase(join(folder, 'derived'))
    const { exitCode, stderr } = await build({ 'unix-dgram': { emulate: true } }, { base })
    expect(stderr).toContain('unix-dgram@2.0.7 compiled for linux/amd64 in a root of the base image')
    expect(exitCode).toBe(0)
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

/** Links to all programs of this machine but those that would compile for arm64, and runtimes: unshare is left. */
async function pathWithoutCompilers(folder: string): Promise<string> {
  await mkdir(folder)
  for (const place of (process.env.PATH ?? '').split(delimiter))
    for (const name of await readdir(place).catch(() => []))
      if (!/^(?:aarch64-|clang|zig|crun|runc)/.test(name))
        await symlink(join(place, name), join(folder, name)).catch(() => {})
  return folder
}

/** The base as a distribution that is made from Debian: whose packages nobody but its own package manager knows. */
async function derivedBase(folder: string): Promise<string> {
  await run('skopeo', ['copy', '--override-arch', 'amd64', await nodeBaseImage(), `oci:${folder}:plain`])
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'))
  const blob = ({ digest }: Descriptor) => read(`blobs/${digest.replace(':', '/')}`)
  const manifest = await blob((await read('index.json')).manifests[0])
  const { config, rootfs } = await blob(manifest.config)
  const layers = manifest.layers.map((descriptor: Descriptor, at: number) => ({
    descriptor,
    diffId: rootfs.diff_ids[at],
  }))
  await mkdir(join(folder, 'more/usr/lib'), { recursive: true })
  await writeFile(join(folder, 'more/usr/lib/os-release'), 'ID=ubuntu\nVERSION_ID="22.04"\n')
  const more = await addLayer(folder, join(folder, 'more'))
  await writeLayout(folder, 'derived', [{ architecture: 'amd64', layers: [...layers, more], config }])
  return `oci:${folder}:derived`
}
