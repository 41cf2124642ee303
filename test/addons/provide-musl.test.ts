/** Addons compiled for a base with musl, on a machine that has glibc; loaded by musl's own loader under QEMU. */
import { readdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseElf } from '../../src/elf/index.ts'
import type { AddonSettings } from '../../src/project/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { ensureZig } from '../engines/zig.ts'
import { provideFor } from './provide-for.ts'

describeWith(
  ['clang', 'ld.lld', 'llvm-ar', 'make', 'python3', 'qemu-aarch64-static'],
  'addons for musl',
  () => {
    let folder: string
    let zig: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'everyarch-musl-'))
      zig = await ensureZig()
      const dependencies = { bcrypt: '6.0.0', bufferutil: '4.1.0', libpq: '1.11.0' }
      await writeFile(
        join(folder, 'package.json'),
        JSON.stringify({ name: 'm', version: '1.0.0', dependencies }),
      )
      await run('npm', ['install', '--package-lock-only', '--omit-lockfile-registry-resolved=true'], {
        cwd: folder,
      })
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    const provide = (settings: Record<string, AddonSettings>, env: Record<string, string> = {}) =>
      provideFor({
        folder,
        cacheFolder: join(folder, 'cache'),
        platforms: ['linux/arm64'],
        libc: 'musl',
        settings: { '*': { from: ['bundled'] }, ...settings },
        env,
      })

    /** Symbols that musl's loader, which is its C library, does not find for an addon. */
    const missingSymbols = async (addon: Buffer) => {
      const file = join(folder, 'addon.node')
      await writeFile(file, addon)
      const sysroots = join(folder, 'cache/addons/sysroots')
      const [sysroot = ''] = await readdir(sysroots)
      const loader = join(sysroots, sysroot, 'usr/lib/aarch64-linux-musl/libc.so')
      // It fails, as Node's own symbols come from Node.
      const said = await run('sh', [
        '-c',
        '"$@" 2>&1 || true',
        'sh',
        'qemu-aarch64-static',
        loader,
        '--list',
        file,
      ])
      return [...said.matchAll(/Error relocating \S+: (\w+): symbol not found/g)].map(([, name]) => name)
    }

    it('are compiled by clang where they are in C', async () => {
      const provided = await provide({ bufferutil: { from: ['compile'] } })
      const added = await provided.added('linux/arm64', 'node_modules/bufferutil')
      const bytes = added['build/Release/bufferutil.node'] as Buffer
      expect(parseElf(bytes)).toMatchObject({ machineName: 'AArch64', libc: 'musl' })
      expect(new Set((await missingSymbols(bytes)).map((name) => name?.slice(0, 5)))).toEqual(
        new Set(['napi_']),
      )
    })

    it('are compiled by zig in C++ too', async () => {
      const env = { PATH: `${zig}:${process.env.PATH}` }
      const provided = await provide({ bcrypt: { from: ['compile'] } }, env)
      const added = await provided.added('linux/arm64', 'node_modules/bcrypt')
      const bytes = added['build/Release/bcrypt_lib.node'] as Buffer
      expect(parseElf(bytes)).toMatchObject({
        machineName: 'AArch64',
        libc: 'musl',
        addon: { api: 'node-api' },
      })
      expect(bytes.includes('.symtab')).toBe(false)
      expect(new Set((await missingSymbols(bytes)).map((name) => name?.slice(0, 5)))).toEqual(
        new Set(['napi_']),
      )
    })

    it('say what they lack where nothing of this machine can make them', async () => {
      await expect(provide({ bcrypt: { from: ['compile'] } })).rejects.toMatchObject({
        code: 'ADDON_COMPILE_FAILED',
        hint: expect.stringMatching(
          /is C\+\+, and clang finds no C\+\+ library for musl here: put zig on the PATH/,
        ),
      })
      await expect(provide({ libpq: { from: ['compile'] } })).rejects.toMatchObject({
        code: 'ADDON_LIBRARY_MISSING',
        hint: expect.stringContaining('"addons": {"libpq": {"emulate": true}}'),
      })
    })
  },
)
