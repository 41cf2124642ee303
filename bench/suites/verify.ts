/**
 * One image of about 1 GB for each of two platforms, in a registry on the loopback address, verified in three ways: by everyarch;
 * with skopeo, tar, file and readelf over the unpacked tree, which tells a part of the same; and, as the least that any
 * reader has to do, `gzip -dc` over the same layers. Medians, and the most memory that everyarch held.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import '../../scripts/build.mjs'
import { nodeBaseImage } from '../../test/engines/base-image.ts'
import { cached, recipeHash } from '../../test/engines/cache.ts'
import { debianFolder } from '../../test/engines/debian.ts'
import { addLayer, type Layer, type LayoutImage, writeLayout } from '../../test/engines/image-layout.ts'
import { type Registry, startRegistry } from '../../test/engines/registry.ts'
import { run as runProgram } from '../../test/engines/run.ts'
import { copyImage } from '../../test/engines/skopeo.ts'
import { type Command, median, peakMemory, timed } from '../measurement.ts'

const root = resolve(import.meta.dirname, '../..')
const architectures = ['amd64', 'arm64'] as const
const tools = ['g++', 'git', 'python3', 'perl-modules', 'libssl-dev', 'llvm-14']
const addons = [
  'sharp@0.35.5',
  'lmdb@3.5.6',
  'esbuild@0.28.2',
  'bcrypt@6.0.0',
  'argon2@0.45.1',
  'sodium-native@5.1.0',
]

interface Round {
  registry: Registry
  layout: string
  folder: string
}

interface Way {
  name: string
  command(round: Round): Command
}

const ways: readonly Way[] = [
  { name: 'everyarch verify', command: everyarch },
  { name: 'everyarch verify, unchanged', command: everyarch },
  { name: 'skopeo copy + tar x + file + readelf', command: usual },
  { name: 'gzip -dc of the same layers', command: decompressed },
]

export async function run({ rounds }: { rounds: number }): Promise<string> {
  const layout = await largeImage()
  const registry = await startRegistry()
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-bench-'))
  const round: Round = { registry, layout, folder }
  try {
    await copyImage(`oci:${layout}:1`, `docker://${registry.host}/large:1`)
    const seconds = new Map<string, number[]>(ways.map(({ name }) => [name, []]))
    for (let lap = 0; lap < rounds; lap++) {
      await rm(join(folder, 'cache'), { recursive: true, force: true })
      for (const { name, command } of ways) seconds.get(name)?.push((await timed(command(round))).seconds)
    }
    await rm(join(folder, 'cache'), { recursive: true, force: true })
    const memory = await peakMemory(everyarch(round))
    return report(seconds, memory, await sizes(layout))
  } finally {
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Its cache is emptied before each lap; what runs second finds what the first has recorded. */
function everyarch({ registry, folder }: Round): Command {
  const args = [
    'verify',
    `${registry.host}/large:1`,
    '--progress',
    'quiet',
    '--json',
    '--cache-dir',
    join(folder, 'cache'),
  ]
  return {
    program: process.execPath,
    args: [join(root, 'dist/cli.js'), ...args],
    cwd: folder,
    env: process.env,
  }
}

function usual({ registry, folder }: Round): Command {
  const script = `set -e
for arch in ${architectures.join(' ')}; do
  rm -rf blobs tree && mkdir tree
  skopeo --insecure-policy --override-os linux --override-arch $arch copy --quiet --src-tls-verify=false docker://${registry.host}/large:1 dir:blobs
  for layer in $(node -e 'for (const { digest } of require("./blobs/manifest.json").layers) console.log(digest.slice(7))'); do
    tar --extract --gzip --file blobs/$layer --directory tree
  done
  find tree -type f -print0 | xargs -0 file --no-pad --no-dereference > kinds
  grep ': ELF ' kinds | cut -d: -f1 | tr '\\n' '\\0' | xargs -0 readelf --wide --file-header --dynamic --version-info > facts 2>/dev/null || true
done
rm -rf blobs tree`
  return { program: 'sh', args: ['-c', script], cwd: folder, env: process.env }
}

function decompressed({ layout }: Round): Command {
  const script = 'for layer in blobs/sha256/*; do gzip -dc < $layer 2>/dev/null || true; done > /dev/null'
  return { program: 'sh', args: ['-c', script], cwd: layout, env: process.env }
}

function report(seconds: Map<string, number[]>, memory: number, { compressed, unpacked }: Sizes): string {
  const own = median(seconds.get('everyarch verify') ?? [])
  const rows = [...seconds].map(([name, all]) => {
    const middle = median(all)
    return `| ${name} | ${middle.toFixed(2)} | ${(middle / own).toFixed(2)} | ${all.map((one) => one.toFixed(2)).join(' ')} |`
  })
  return [
    '## verify',
    '',
    `Two platforms, ${(compressed / 1e6).toFixed(0)} MB of layers, ${(unpacked / 1e6).toFixed(0)} MB unpacked.`,
    '',
    '| | median, s | times everyarch | all |',
    '|---|---|---|---|',
    ...rows,
    '',
    `Peak memory of everyarch: ${(memory / 1e6).toFixed(0)} MB.`,
    '',
  ].join('\n')
}

interface Sizes {
  compressed: number
  unpacked: number
}

async function sizes(layout: string): Promise<Sizes> {
  const text = await runProgram(
    'sh',
    [
      '-c',
      'cat blobs/sha256/* | wc -c; for layer in blobs/sha256/*; do gzip -dc < $layer 2>/dev/null || true; done | wc -c',
    ],
    {
      cwd: layout,
    },
  )
  const [compressed = 0, unpacked = 0] = text.trim().split('\n').map(Number)
  return { compressed, unpacked }
}

/** Debian with Node, a compiler and its like, and native addons: as large as careless images are. */
async function largeImage(): Promise<string> {
  const base = (await nodeBaseImage()).replace(/^oci:/, '').replace(/:[^:/]*$/, '')
  const recipe = recipeHash(base, ...tools, ...addons)
  return cached(`large-${recipe}`, async (folder) => {
    await cp(join(base, 'blobs'), join(folder, 'blobs'), { recursive: true })
    const images: LayoutImage[] = []
    for (const architecture of architectures) {
      const layers = [
        ...(await baseLayers(base, architecture)),
        await addLayer(folder, await debianFolder({ suite: 'bookworm', architecture, packages: tools })),
        await addonLayer(folder, architecture),
      ]
      images.push({ architecture, layers, config: { Cmd: ['node'] } })
    }
    await writeLayout(folder, '1', images)
  })
}

async function baseLayers(layout: string, architecture: string): Promise<Layer[]> {
  const json = async (path: string) => JSON.parse(await readFile(join(layout, path), 'utf8'))
  const blob = (digest: string) => json(join('blobs', digest.replace(':', '/')))
  const index = await blob((await json('index.json')).manifests[0].digest)
  const entry = index.manifests.find(
    (one: { platform: { architecture: string } }) => one.platform.architecture === architecture,
  )
  const manifest = await blob(entry.digest)
  const { rootfs } = await blob(manifest.config.digest)
  return manifest.layers.map((descriptor: Layer['descriptor'], at: number) => ({
    descriptor,
    diffId: rootfs.diff_ids[at],
  }))
}

async function addonLayer(folder: string, architecture: string): Promise<Layer> {
  const tree = join(folder, `addons-${architecture}`)
  await mkdir(join(tree, 'app'), { recursive: true })
  await writeFile(join(tree, 'app/package.json'), '{"name":"app","version":"1.0.0"}')
  const cpu = architecture === 'amd64' ? 'x64' : architecture
  const flags = ['--ignore-scripts', '--os=linux', `--cpu=${cpu}`, '--libc=glibc', '--no-audit', '--no-fund']
  await runProgram('npm', ['install', ...flags, ...addons], { cwd: join(tree, 'app') })
  const layer = await addLayer(folder, tree)
  await rm(tree, { recursive: true })
  return layer
}
