import { describe, expect, it } from 'vitest'
import { collect, fromText } from '../base/index.ts'
import { type LockedPackage, parsePackageLock } from '../lockfile/index.ts'
import { formatPlatform, parsePlatform } from '../oci/index.ts'
import { layerEntries } from './layer-entries.ts'
import type { PackageSource } from './package-source.ts'
import { type NodeModulesPlan, type Placement, planNodeModules } from './plan-node-modules.ts'
import type { PackageFile } from './unpack-package.ts'

const { signal } = new AbortController()
const v = '1.0.0'
const platforms = ['linux/amd64', 'linux/arm64'].map((name) => ({
  platform: parsePlatform(name),
  libc: 'glibc' as const,
}))

/** A source of packages that are what a test says: location → path → text. */
function sourceOf(
  contents: Record<string, Record<string, string>>,
  libc: Record<string, string[]> = {},
): PackageSource {
  return {
    async unpack({ location }: LockedPackage) {
      const texts = Object.entries(contents[location] ?? { 'package.json': '{}' })
      const files = texts.flatMap(([path, text]): PackageFile[] => [
        ...foldersAbove(path).map((folder) => fileOf(folder, 'directory', 0o755, '')),
        fileOf(path, 'file', 0o644, text),
      ])
      return {
        files,
        file: (path) => files.find((each) => each.path === path),
        [Symbol.asyncDispose]: async () => {},
      }
    },
    libcOf: async () => new Map(Object.entries(libc)),
  }
}

function fileOf(path: string, type: 'file' | 'directory', mode: number, text: string): PackageFile {
  return { path, type, mode, size: text.length, content: fromText(text) }
}

function foldersAbove(path: string): string[] {
  const segments = path.split('/')
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'))
}

function plan(
  packages: Record<string, unknown>,
  source = sourceOf({}),
  targets = platforms,
): Promise<NodeModulesPlan> {
  const lock = parsePackageLock(JSON.stringify({ lockfileVersion: 3, packages }), 'package-lock.json')
  return planNodeModules(lock, { platforms: targets, source, signal })
}

function described({ packages, binLinks }: Placement): string[] {
  return [
    ...packages.map(({ package: { location }, executables }) => [location, ...executables].join(' ')),
    ...binLinks.map(({ path, target }) => `${path} -> ${target}`),
  ]
}

async function entries(placement: Placement, source: PackageSource): Promise<string[]> {
  const lines: string[] = []
  for await (const entry of layerEntries(placement, { source, mtime: 7, signal })) {
    expect(entry).toMatchObject({ uid: 0, gid: 0, mtime: 7 })
    const { path, type, mode, size, linkPath, content } = entry
    const text = content
      ? new TextDecoder().decode(await collect(content({ signal }), size, path))
      : (linkPath ?? '')
    lines.push(`${type} ${mode.toString(8)} ${path} ${text}`.trim())
  }
  return lines
}

describe('planNodeModules', () => {
  const contested = {
    '': { dependencies: { zed: v, carrier: v } },
    'node_modules/zed': { version: v, bin: { tool: 'zed.js' } },
    'node_modules/carrier': { version: v, optionalDependencies: { arm: v }, bin: { carrier: 'c.js' } },
    'node_modules/arm': { version: v, optional: true, cpu: ['arm64'], bin: { tool: 'arm.js' } },
  }

  it('gives a platform only what it has beyond the others, and a package whose command another one takes to each', async () => {
    const { shared, perPlatform } = await plan(contested)
    expect(described(shared)).toEqual([
      'node_modules/carrier c.js',
      'node_modules/.bin/carrier -> ../carrier/c.js',
    ])
    expect(described(perPlatform.get('linux/amd64') as Placement)).toEqual([
      'node_modules/zed zed.js',
      'node_modules/.bin/tool -> ../zed/zed.js',
    ])
    expect(described(perPlatform.get('linux/arm64') as Placement)).toEqual([
      'node_modules/arm arm.js',
      'node_modules/zed',
      'node_modules/.bin/tool -> ../arm/arm.js',
    ])
  })

  it('gives a platform that is built alone what it gets beside others', async () => {
    const packages = {
      '': { dependencies: { everybody: v, engine: v } },
      'node_modules/everybody': { version: v, bin: 'cli.js', os: ['!win32'] },
      'node_modules/engine': { version: v, optionalDependencies: { x64: v, arm64: v, musl: v } },
      'node_modules/x64': { version: v, optional: true, cpu: ['x64'], dependencies: { under: v } },
      'node_modules/arm64': { version: v, optional: true, cpu: ['arm64'], dependencies: { under: v } },
      'node_modules/musl': { version: v, optional: true, libc: ['musl'] },
      'node_modules/under': { version: v, optional: true },
    }
    const joint = await plan(packages)
    expect(described(joint.shared)).toEqual([
      'node_modules/engine',
      'node_modules/everybody cli.js',
      'node_modules/.bin/everybody -> ../everybody/cli.js',
    ])
    for (const target of platforms) {
      const alone = await plan(packages, sourceOf({}), [target])
      expect(alone.shared).toEqual(joint.shared)
      const name = formatPlatform(target.platform)
      expect(alone.perPlatform.get(name)).toEqual(joint.perPlatform.get(name))
      expect(described(alone.perPlatform.get(name) as Placement)).toContain('node_modules/under')
    }
  })

  it('asks packages for a libc that the lock lost', async () => {
    const packages = {
      '': { optionalDependencies: { gnu: v, musl: v } },
      'node_modules/gnu': { version: v, os: ['linux'] },
      'node_modules/musl': { version: v, os: ['linux'] },
    }
    const source = sourceOf({}, { 'node_modules/gnu': ['glibc'], 'node_modules/musl': ['musl'] })
    const { perPlatform } = await plan(packages, source)
    expect(described(perPlatform.get('linux/arm64') as Placement)).toEqual(['node_modules/gnu'])
  })

  it('names the files of the project that commands point at', async () => {
    const packages = {
      '': { workspaces: ['packages/*'] },
      'node_modules/api': { resolved: 'packages/api', link: true },
      'packages/api': { version: v, bin: { api: 'bin/api.js' } },
    }
    expect((await plan(packages)).projectExecutables).toEqual(['packages/api/bin/api.js'])
  })

  it('refuses a link to a folder outside the project', async () => {
    const packages = {
      '': { dependencies: { out: 'file:../out' } },
      'node_modules/out': { resolved: '../out', link: true },
      '../out': { version: v },
    }
    await expect(plan(packages)).rejects.toMatchObject({ code: 'NPM_LINK_OUTSIDE_PROJECT', kind: 'usage' })
  })
})

describe('layerEntries', () => {
  it('writes folders before what is in them, each once, and links to what is there', async () => {
    const packages = {
      '': { dependencies: { '@s/a': v }, workspaces: ['packages/*'] },
      'node_modules/@s/a': { version: v, bin: { a: 'bin/a', gone: 'gone' }, dependencies: { b: v } },
      'node_modules/@s/a/node_modules/b': { version: v },
      'node_modules/api': { resolved: 'packages/api', link: true },
      'packages/api': { version: v, bin: { api: 'api.js' } },
    }
    const source = sourceOf({ 'node_modules/@s/a': { 'a.js': 'A', 'bin/a': '#!x\r\n' } })
    const { shared } = await plan(packages, source)
    expect(await entries(shared, source)).toEqual([
      'directory 755 node_modules',
      'directory 755 node_modules/@s',
      'directory 755 node_modules/@s/a',
      'file 644 node_modules/@s/a/a.js A',
      'directory 755 node_modules/@s/a/bin',
      'file 755 node_modules/@s/a/bin/a #!x',
      'directory 755 node_modules/@s/a/node_modules',
      'directory 755 node_modules/@s/a/node_modules/b',
      'file 644 node_modules/@s/a/node_modules/b/package.json {}',
      'symlink 777 node_modules/api ../packages/api',
      'directory 755 node_modules/.bin',
      'symlink 777 node_modules/.bin/a ../@s/a/bin/a',
      'symlink 777 node_modules/.bin/api ../api/api.js',
    ])
  })

  it('takes a declared bundle from the tarball, and a stray copy not', async () => {
    const packages = {
      '': { dependencies: { a: v } },
      'node_modules/a': { version: v, dependencies: { in: v, own: v }, bundleDependencies: ['in'] },
      'node_modules/a/node_modules/in': { version: v, inBundle: true, integrity: 'sha512-x' },
      'node_modules/a/node_modules/own': { version: v },
    }
    const source = sourceOf({
      'node_modules/a': {
        'node_modules/in/i.js': 'bundled',
        'node_modules/own/o.js': 'stray',
        'node_modules/own-too/o.js': 'kept',
      },
      'node_modules/a/node_modules/in': { 'i.js': 'fetched' },
      'node_modules/a/node_modules/own': { 'o.js': 'fetched' },
    })
    const { shared } = await plan(packages, source)
    expect((await entries(shared, source)).filter((line) => line.startsWith('file'))).toEqual([
      'file 644 node_modules/a/node_modules/in/i.js bundled',
      'file 644 node_modules/a/node_modules/own-too/o.js kept',
      'file 644 node_modules/a/node_modules/own/o.js fetched',
    ])
  })
})
