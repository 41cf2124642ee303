/**
 * The libraries that we find in an image with musl are those that musl's own loader lists (`ld-musl-ARCH.so.1 --list`, its ldd):
 * for real packages of the npm registry and for probes of its search rules, on amd64 and (emulated) arm64.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildTree } from '../../src/rootfs/index.ts'
import { readLayer } from '../../src/verify/layer/read-layer.ts'
import { DynamicLoader } from '../../src/verify/loader/dynamic-loader.ts'
import type { FileTree } from '../../src/verify/tree/file-tree.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureMusl } from '../engines/musl.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { compile, library } from './compile.ts'
import { type Files, packLayer, signal } from './image.ts'
import { installPackages, packFolder } from './installed-packages.ts'
import { dynamicFiles, ownListing, realListing } from './loader-listing.ts'
import { muslBase } from './musl-base.ts'
import { type Architecture, other } from './planted-faults.ts'
import { writeFiles } from './write-files.ts'

const architectures = ['amd64', 'arm64'] as const
const names = { amd64: 'x86_64', arm64: 'aarch64' } as const
const cpus = { amd64: 'x64', arm64: 'arm64' } as const

/** Addons, libraries and a program: linked to musl's own name and to Alpine's, with and without run paths. */
const packages = [
  'sharp@0.35.5',
  '@node-rs/argon2@2.2.1',
  '@parcel/watcher@2.6.0',
  'snappy@7.4.3',
  'lightningcss@1.33.0',
]

const calls = 'extern int everyarch_probe(void); int main(void) { return everyarch_probe(); }'
const passesOn = 'extern int everyarch_probe(void); int everyarch_outer(void) { return everyarch_probe(); }'
const callsOuter = 'extern int everyarch_outer(void); int main(void) { return everyarch_outer(); }'

/** Programs and libraries below /opt/probe, each for one rule of the search. */
function probes(architecture: Architecture): Files {
  const machine = `${architecture}-musl` as const
  const inner = library(machine, 'libinner.so.1')
  const one = { 'libinner.so.1': inner }
  const outer = compile(machine, passesOn, ['-shared', '-fPIC', '-Wl,-soname,libouter.so.1'], one)
  const two = { 'libouter.so.1': outer }
  const lax = '-Wl,--unresolved-symbols=ignore-all'
  const old = '-Wl,--disable-new-dtags'
  const named = (soname: string) => ({ [soname]: library(machine, soname) })
  const program = (source: string, libraries: Record<string, Uint8Array>, ...flags: string[]) => ({
    content: compile(machine, source, flags, libraries),
    mode: 0o755,
  })
  const path = `etc/ld-musl-${names[architecture]}.path`
  return {
    'opt/probe/lib/libinner.so.1': inner,
    'opt/probe/lib/libouter.so.1': outer,
    'opt/probe/text/libinner.so.1': 'INPUT(/opt/probe/lib/libinner.so.1)\n',
    'opt/probe/foreign/libinner.so.1': library(`${other(architecture)}-musl`, 'libinner.so.1'),
    'srv/lib/liblisted.so.1': library(machine, 'liblisted.so.1'),
    'usr/local/lib/liblocal.so.1': library(machine, 'liblocal.so.1'),
    [`opt/other/${path}`]: '/srv/lib',
    'opt/probe/bin/runpath': program(calls, one, '-Wl,-rpath,$ORIGIN/../lib'),
    'opt/probe/bin/rpath': program(calls, one, '-Wl,-rpath,${ORIGIN}/../lib', old),
    'opt/probe/bin/runpath-is-inherited': program(callsOuter, two, '-Wl,-rpath,$ORIGIN/../lib', lax),
    'opt/probe/bin/unknown-variable-voids-the-path': program(
      calls,
      one,
      '-Wl,-rpath,/opt/probe/lib:/opt/$LIB',
    ),
    'opt/probe/bin/text-ends-the-search': program(calls, one, '-Wl,-rpath,/opt/probe/text:/opt/probe/lib'),
    'opt/probe/bin/foreign-is-taken': program(calls, one, '-Wl,-rpath,/opt/probe/foreign:/opt/probe/lib'),
    'opt/probe/bin/nowhere': program(calls, one),
    'opt/probe/bin/path-file': program(calls, named('liblocal.so.1')),
    'opt/probe/bin/path-file-of-another-root': program(
      calls,
      named('liblisted.so.1'),
      `-Wl,--dynamic-linker=/opt/other/lib/ld-musl-${names[architecture]}.so.1`,
    ),
  }
}

/** What the loader in the root lists for a file. */
function truth(root: string, tree: FileTree, architecture: Architecture, file: string): string[] {
  const loader = `/lib/ld-musl-${names[architecture]}.so.1`
  const { stdout, stderr } = spawnSync('chroot', [root, loader, '--list', `/${file}`], { encoding: 'utf8' })
  const missing = [...stderr.matchAll(/^Error loading shared library (\S+): /gm)].map(
    ([, name]) => ` ${name} => not found`,
  )
  return realListing([...stdout.split('\n'), ...missing], tree)
}

describeWith(['musl', 'qemu', 'chroot'], 'the loader of musl', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-musl-'))
    await ensureQemu(['arm64'])
    await ensureMusl(architectures)
  }, 300_000)
  afterAll(() => rm(folder, { recursive: true }))

  it.each(architectures)('finds what the real one finds: %s', { timeout: 600_000 }, async (architecture) => {
    const root = await mkdtemp(join(folder, architecture))
    const files = { ...muslBase(architecture, []), ...probes(architecture) }
    await writeFiles(root, files)
    const app = join(root, 'app')
    await installPackages(app, packages, { cpu: cpus[architecture], libc: 'musl' })
    const layers = [await packLayer(files), await packFolder(app, 'app')]
    const facts = []
    for (const { content } of layers) facts.push(await readLayer(content, { signal }))
    const tree = buildTree(facts)
    const loader = new DynamicLoader(tree, undefined)
    const dynamic = dynamicFiles(tree)
    const compared = dynamic.map((file) => ({
      path: file.node.path,
      ours: ownListing(loader, file, 'musl'),
      real: truth(root, tree, architecture, file.node.path),
    }))
    expect(compared.filter(({ ours, real }) => JSON.stringify(ours) !== JSON.stringify(real))).toEqual([])
    const found = new Map(compared.map(({ path, real }) => [path.replace('opt/probe/bin/', ''), real]))
    expect(found.get('runpath')).toEqual(['libinner.so.1 => opt/probe/lib/libinner.so.1'])
    expect(found.get('runpath-is-inherited')).toContain('libinner.so.1 => opt/probe/lib/libinner.so.1')
    expect(found.get('unknown-variable-voids-the-path')).toEqual(['libinner.so.1 => not found'])
    expect(found.get('text-ends-the-search')).toEqual(['libinner.so.1 => not found'])
    expect(found.get('foreign-is-taken')).toEqual(['libinner.so.1 => opt/probe/foreign/libinner.so.1'])
    expect(found.get('path-file')).toEqual(['liblocal.so.1 => usr/local/lib/liblocal.so.1'])
    expect([...found].filter(([path]) => path.startsWith('app/')).length).toBeGreaterThanOrEqual(6)
  })
})
