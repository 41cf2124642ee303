/** What the tests of this folder share: a project's copy in a temporary folder, our tools over it, and the real npm. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  checkLockfile,
  manifestFolders,
  type PackageLock,
  parsePackageLock,
} from '../../src/lockfile/index.ts'
import {
  loadNpmConfig,
  type NpmConfig,
  npmTargetOf,
  type PackageRecords,
  packageSource,
  type PackageSource,
  type TargetPlatform,
} from '../../src/npm/index.ts'
import { parsePlatform } from '../../src/oci/index.ts'

export const signal = new AbortController().signal

export interface Workplace extends AsyncDisposable {
  folder: string
  config: NpmConfig
  source: PackageSource
  /** what packages told, as the source remembers it */
  records: PackageRecords
  /** names of packages that npm's cache did not have */
  fetched: string[]
}

/** npm's environment without what this machine's user configured; the machine's certificates stay. */
export function npmEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    npm_config_userconfig: join(folder, '.no-user-npmrc'),
    npm_config_loglevel: 'error',
  }
}

/** A copy of a project (a folder in fixtures), with tools that take its npm configuration. */
export async function workplace(project: string, env: NodeJS.ProcessEnv = {}): Promise<Workplace> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'everyarch-npm-')))
  await cp(join(import.meta.dirname, 'fixtures', project), folder, { recursive: true })
  return openWorkplace(folder, env)
}

export async function openWorkplace(folder: string, env: NodeJS.ProcessEnv = {}): Promise<Workplace> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'everyarch-spool-'))
  const config = await loadNpmConfig({
    projectFolder: folder,
    env: { ...npmEnvironment(folder), ...env },
    signal,
  })
  const known = new Map<string, unknown>()
  const records: PackageRecords = {
    record: async (area, key) => known.get(`${area} ${key}`),
    setRecord: async (area, key, value) => void known.set(`${area} ${key}`, value),
  }
  const fetched: string[] = []
  const source = packageSource({
    config,
    temporaryFolder,
    onFetched: ({ name }) => fetched.push(name),
    records,
  })
  return {
    folder,
    config,
    source,
    records,
    fetched,
    async [Symbol.asyncDispose]() {
      await rm(temporaryFolder, { recursive: true, force: true })
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The lock, checked against every package.json of the project. */
export async function readLock(folder: string): Promise<PackageLock> {
  const lock = parsePackageLock(
    await readFile(join(folder, 'package-lock.json'), 'utf8'),
    'package-lock.json',
  )
  const packageJsons = new Map<string, Record<string, unknown>>()
  for (const part of manifestFolders(lock)) {
    packageJsons.set(part, JSON.parse(await readFile(join(folder, part, 'package.json'), 'utf8')))
  }
  return checkLockfile(lock, { packageJsons })
}

interface LockEntry {
  name?: string
  version?: string
  resolved?: string
  inBundle?: boolean
}

/** Writes into the lock where npm would have found each package: without that, npm fetches every packument first. */
export async function recordAddresses({ folder, config }: Workplace): Promise<void> {
  const file = join(folder, 'package-lock.json')
  const lock = JSON.parse(await readFile(file, 'utf8'))
  for (const [location, entry] of Object.entries<LockEntry>(lock.packages)) {
    const at = location.lastIndexOf('node_modules/')
    if (at < 0 || entry.resolved !== undefined || entry.inBundle) continue
    const name = entry.name ?? location.slice(at + 'node_modules/'.length)
    entry.resolved = `${config.registry}/${name}/-/${name.split('/').at(-1)}-${entry.version}.tgz`
  }
  await writeFile(file, JSON.stringify(lock, null, 2))
}

export function target(platform: string, libc: 'glibc' | 'musl'): TargetPlatform {
  return { platform: parsePlatform(platform), libc, nodeVersion: process.versions.node }
}

/** `npm ci` in a folder. */
export async function npmCi(folder: string, ...flags: string[]): Promise<void> {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...flags]
  await promisify(execFile)('npm', args, { cwd: folder, env: npmEnvironment(folder), maxBuffer: 64 << 20 })
}

/** The flags that make `npm ci` install for a platform. */
export function platformFlags(platform: TargetPlatform): string[] {
  const { os, cpu, libc } = npmTargetOf(platform)
  return ['--omit=dev', `--os=${os}`, `--cpu=${cpu}`, `--libc=${libc}`]
}
