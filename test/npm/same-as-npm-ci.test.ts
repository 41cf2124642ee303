/**
 * Our trees against those of the real `npm ci`, path by path: types, modes, link targets, contents. npm's note of what it
 * did (`node_modules/.package-lock.json`) is the only path that is left out.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { selectPackages } from '../../src/lockfile/index.ts'
import {
  installTree,
  layerEntries,
  npmTargetOf,
  type NodeModulesPlan,
  planNodeModules,
  type Placement,
} from '../../src/npm/index.ts'
import { differences, treeOfEntries, treeOnDisk } from './trees.ts'
import {
  npmCi,
  platformFlags,
  readLock,
  recordAddresses,
  signal,
  target,
  type Workplace,
  workplace,
} from './workplace.ts'

/** The only platform's parts: what any has, and what it has beyond that. */
const partsOf = ({ shared, perPlatform }: NodeModulesPlan): Placement[] => [shared, ...perPlatform.values()]

async function treeOfPlan(plan: NodeModulesPlan, { source }: Workplace) {
  const parts = partsOf(plan).map((part) => treeOfEntries(layerEntries(part, { source, signal }), signal))
  return new Map((await Promise.all(parts)).flatMap((part) => [...part]))
}

const platforms = [
  target('linux/amd64', 'glibc'),
  target('linux/arm64', 'glibc'),
  target('linux/amd64', 'musl'),
  target('linux/arm64', 'musl'),
]

describe('a large project: workspaces, linked folder, bundled packages, aliases, overrides, odd tarballs', () => {
  let place: Workplace
  beforeAll(async () => {
    place = await workplace('everything')
    await recordAddresses(place)
  })
  afterAll(() => place[Symbol.asyncDispose]())

  it.each(platforms)('$platform.architecture $libc', async (platform) => {
    const plan = await planNodeModules(await readLock(place.folder), {
      platforms: [platform],
      source: place.source,
      signal,
    })
    expect(plan.shared.packages.length).toBeGreaterThan(350)
    await npmCi(place.folder, ...platformFlags(platform))
    expect(differences(await treeOnDisk(place.folder), await treeOfPlan(plan, place))).toEqual([])
  })

  it('two platforms at once: each has what it has alone', async () => {
    const lock = await readLock(place.folder)
    const [amd64, , , musl] = platforms as [(typeof platforms)[0], unknown, unknown, (typeof platforms)[0]]
    const plan = await planNodeModules(lock, { platforms: [amd64, musl], source: place.source, signal })
    expect(plan.shared.packages.length).toBeGreaterThan(350)
    expect([...plan.perPlatform.keys()]).toEqual(['linux/amd64', 'linux/arm64'])
    for (const platform of [amd64, musl]) {
      const alone = await planNodeModules(lock, { platforms: [platform], source: place.source, signal })
      const name = `linux/${platform.platform.architecture}`
      expect(alone.shared).toEqual(plan.shared)
      expect(alone.perPlatform.get(name)).toEqual(plan.perPlatform.get(name))
      expect(plan.perPlatform.get(name)?.packages.length).toBeLessThan(30)
    }
  })

  it('the tree of this machine, with what development needs', async () => {
    const lock = await readLock(place.folder)
    await npmCi(place.folder)
    const theirs = await treeOnDisk(place.folder)
    await installTree(lock, { folder: place.folder, source: place.source, signal })
    expect(differences(theirs, await treeOnDisk(place.folder))).toEqual([])
  })
})

describe('a lock of npm 10, which lost every libc and says of no package where it is', () => {
  let place: Workplace
  beforeAll(async () => {
    place = await workplace('written-by-npm-10')
  })
  afterAll(() => place[Symbol.asyncDispose]())

  it('gives each library only its own packages; snappy 7.2 alone does not say in package.json which is whose', async () => {
    expect(await readFile(join(place.folder, 'package-lock.json'), 'utf8')).not.toContain('"libc"')
    const lock = await readLock(place.folder)
    const names = async (libc: 'glibc' | 'musl') => {
      const platform = target('linux/arm64', libc)
      const plan = await planNodeModules(lock, { platforms: [platform], source: place.source, signal })
      const packages = partsOf(plan).flatMap((part) => part.packages)
      return packages.map(({ package: { name } }) => name).filter((name) => /linux/.test(name))
    }
    expect(await names('musl')).toEqual([
      '@esbuild/linux-arm64',
      '@img/sharp-libvips-linuxmusl-arm64',
      '@img/sharp-linuxmusl-arm64',
      '@napi-rs/snappy-linux-arm64-gnu',
      '@napi-rs/snappy-linux-arm64-musl',
      '@node-rs/argon2-linux-arm64-musl',
    ])
    expect(await names('glibc')).toEqual([
      '@esbuild/linux-arm64',
      '@img/sharp-libvips-linux-arm64',
      '@img/sharp-linux-arm64',
      '@napi-rs/snappy-linux-arm64-gnu',
      '@napi-rs/snappy-linux-arm64-musl',
      '@node-rs/argon2-linux-arm64-gnu',
    ])
  })

  it.each([target('linux/arm/v7', 'glibc'), target('linux/s390x', 'glibc')])(
    'else equals what npm makes of it: $platform.architecture',
    async (platform) => {
      const lock = await readLock(place.folder)
      const silent = { ...place.source, libcOf: async () => new Map() }
      const plan = await planNodeModules(lock, { platforms: [platform], source: silent, signal })
      await npmCi(place.folder, ...platformFlags(platform))
      expect(differences(await treeOnDisk(place.folder), await treeOfPlan(plan, place))).toEqual([])
    },
  )

  it('selects from the lock with its libc fields what opening the packages gives', async () => {
    const lock = await readLock(place.folder)
    const platform = target('linux/amd64', 'musl')
    const plan = await planNodeModules(lock, { platforms: [platform], source: place.source, signal })
    const opened = await place.source.libcOf([...lock.packages.values()], { signal })
    const whole = {
      ...lock,
      packages: new Map([...lock.packages].map(([at, entry]) => [at, withLibc(entry, opened)])),
    }
    const selected = selectPackages(whole, { target: npmTargetOf(platform), omit: ['dev'] }).packages
    const placed = partsOf(plan).flatMap(({ packages }) => packages.map((each) => each.package.location))
    expect(placed.sort()).toEqual(selected.map(({ location }) => location).sort())
  })
})

function withLibc<T extends { location: string }>(
  entry: T,
  opened: ReadonlyMap<string, readonly string[]>,
): T {
  const libc = opened.get(entry.location)
  return libc ? { ...entry, libc } : entry
}

it('leaves a project alone whose lock was not written for it', async () => {
  await using place = await workplace('written-by-npm-10')
  await writeFile(join(place.folder, 'package.json'), JSON.stringify({ dependencies: { sharp: '^1.0.0' } }))
  await expect(readLock(place.folder)).rejects.toMatchObject({ code: 'LOCKFILE_OUT_OF_STEP' })
})
