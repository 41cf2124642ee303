/**
 * The libraries that we find are those that the real loader finds: for every dynamic ELF file of Debian with Node, and for
 * probes of its search rules, on amd64 and (emulated) arm64.
 */
import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readLayer } from '../../src/verify/layer/read-layer.ts'
import { DynamicLoader } from '../../src/verify/loader/dynamic-loader.ts'
import { buildTree } from '../../src/rootfs/index.ts'
import type { FileTree } from '../../src/verify/tree/file-tree.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { compile, compilers, library } from './compile.ts'
import { baseOf, packLayer, signal } from './image.ts'
import { dynamicFiles, ownListing, realListing } from './loader-listing.ts'
import { writeFiles } from './write-files.ts'

const loaders = { amd64: '/lib64/ld-linux-x86-64.so.2', arm64: '/lib/ld-linux-aarch64.so.1' } as const
type Architecture = keyof typeof loaders

const calls = 'extern int everyarch_probe(void); int main(void) { return everyarch_probe(); }'
const passesOn = 'extern int everyarch_probe(void); int everyarch_outer(void) { return everyarch_probe(); }'
const callsOuter = 'extern int everyarch_outer(void); int main(void) { return everyarch_outer(); }'

/** Programs and libraries below /opt/probe, each for one rule of the search. */
function probes(machine: Architecture): Record<string, Uint8Array> {
  const other: Architecture = machine === 'amd64' ? 'arm64' : 'amd64'
  const inner = library(machine, 'libinner.so.1')
  const outer = compile(machine, passesOn, ['-shared', '-fPIC', '-Wl,-soname,libouter.so.1'], {
    'libinner.so.1': inner,
  })
  const lax = '-Wl,--unresolved-symbols=ignore-all'
  const old = '-Wl,--disable-new-dtags'
  const one = { 'libinner.so.1': inner }
  const two = { 'libouter.so.1': outer }
  return {
    'opt/probe/lib/libinner.so.1': inner,
    'opt/probe/lib/libouter.so.1': outer,
    'opt/probe/foreign/libinner.so.1': library(other, 'libinner.so.1'),
    'usr/local/lib/liblocal.so.1': library(machine, 'liblocal.so.1'),
    'usr/lib/libplain.so.1': library(machine, 'libplain.so.1'),
    'opt/probe/bin/runpath': compile(machine, calls, ['-Wl,-rpath,$ORIGIN/../lib'], one),
    'opt/probe/bin/rpath': compile(machine, calls, ['-Wl,-rpath,${ORIGIN}/../lib', old], one),
    'opt/probe/bin/runpath-is-not-inherited': compile(
      machine,
      callsOuter,
      ['-Wl,-rpath,$ORIGIN/../lib', lax],
      two,
    ),
    'opt/probe/bin/rpath-is-inherited': compile(
      machine,
      callsOuter,
      ['-Wl,-rpath,$ORIGIN/../lib', lax, old],
      two,
    ),
    'opt/probe/bin/foreign-is-passed-over': compile(
      machine,
      calls,
      ['-Wl,-rpath,/opt/probe/foreign:/opt/probe/lib'],
      one,
    ),
    'opt/probe/bin/only-foreign': compile(machine, calls, ['-Wl,-rpath,/opt/probe/foreign'], one),
    'opt/probe/text/libinner.so.1': Buffer.from('INPUT(/opt/probe/lib/libinner.so.1)\n'),
    'opt/probe/bin/text-ends-the-search': compile(
      machine,
      calls,
      ['-Wl,-rpath,/opt/probe/text:/opt/probe/lib'],
      one,
    ),
    'opt/probe/bin/not-in-the-cache': compile(machine, calls, [], {
      'liblocal.so.1': library(machine, 'liblocal.so.1'),
    }),
    'opt/probe/bin/default-folder': compile(machine, calls, [], {
      'libplain.so.1': library(machine, 'libplain.so.1'),
    }),
  }
}

/** What the loader in the root itself lists for each file (what ldd runs). */
function truth(
  root: string,
  tree: FileTree,
  architecture: Architecture,
  files: readonly string[],
): Map<string, string[]> {
  writeFileSync(join(root, 'files'), files.map((file) => `/${file}\n`).join(''))
  const script = `while read -r file; do echo "== $file"; LD_TRACE_LOADED_OBJECTS=1 ${loaders[architecture]} "$file" 2>&1; done < /files`
  const output = execFileSync('chroot', [root, '/bin/sh', '-c', script], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  })
  const sections = output.split(/^== \//m).slice(1)
  return new Map(
    sections.map((text) => {
      const [file = '', ...lines] = text.split('\n')
      return [file, realListing(lines, tree)]
    }),
  )
}

describeWith(['base-image', 'qemu', 'chroot', compilers.amd64, compilers.arm64], 'the loader', () => {
  const folders: string[] = []
  beforeAll(() => ensureQemu(['arm64']))
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  it.each(['amd64', 'arm64'] as const)(
    'finds what the real one finds: %s',
    { timeout: 900_000 },
    async (architecture) => {
      const root = mkdtempSync(join(tmpdir(), 'everyarch-root-'))
      folders.push(root)
      const { layers } = baseOf(await nodeBaseImage(), `linux/${architecture}`)
      const facts = []
      for (const layer of layers) {
        const archive = join(root, 'layer')
        await pipeline(layer.content({ signal }), createWriteStream(archive))
        execFileSync('tar', ['--extract', '--gzip', '--file', archive, '--directory', root])
        facts.push(await readLayer(layer.content, { signal }))
      }
      const files = Object.fromEntries(
        Object.entries(probes(architecture)).map(([path, content]) => [path, { content, mode: 0o755 }]),
      )
      await writeFiles(root, files)
      facts.push(await readLayer((await packLayer(files)).content, { signal }))

      const tree = buildTree(facts)
      const dynamic = dynamicFiles(tree)
      const loader = new DynamicLoader(tree, undefined)
      const paths = dynamic.map(({ node }) => node.path)
      const expected = truth(root, tree, architecture, paths)
      const ours = new Map(dynamic.map((file) => [file.node.path, ownListing(loader, file, 'glibc')]))
      // The real one ends with "invalid ELF header" and lists nothing.
      const ended = 'opt/probe/bin/text-ends-the-search'
      const left = (path: string) => path.startsWith('opt/probe/foreign') || path === ended
      const differences = dynamic
        .map(({ node: { path } }) => ({ path, ours: ours.get(path), real: expected.get(path) }))
        .filter(({ path, ours: own, real }) => !left(path) && JSON.stringify(own) !== JSON.stringify(real))
      expect(dynamic.length).toBeGreaterThan(600)
      expect(differences).toEqual([])
      expect(expected.get(ended)).toEqual([])
      expect(ours.get(ended)).toContain('libinner.so.1 => not found')
      expect(expected.get('opt/probe/bin/runpath-is-not-inherited')).toContain('libinner.so.1 => not found')
      expect(expected.get('opt/probe/bin/rpath-is-inherited')).toContain(
        'libinner.so.1 => opt/probe/lib/libinner.so.1',
      )
    },
  )
})
