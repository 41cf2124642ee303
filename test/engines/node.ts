/** Other versions of Node.js, from the npm packages that carry nothing but its executable and headers. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { arch } from 'node:process'
import { cached } from './cache.ts'
import { EngineError, run } from './run.ts'

/** Node's own names of architectures that the npm packages exist for. */
export type NodeArchitecture = 'x64' | 'arm64'

/** The executable of the newest Node with this major version, for this machine's CPU. */
export async function ensureNode(major: number): Promise<string> {
  const folder = await cached(`node-${major}-${arch}`, async (folder) => {
    const name = `node-linux-${arch}`
    await unpackPackage(`${name}@${newestOf(await versionsOf(name, major))}`, folder)
  })
  return join(folder, 'bin/node')
}

/** The newest version with this major that all of these architectures have: they are not always published together. */
export async function newestNode(major: number, architectures: readonly NodeArchitecture[]): Promise<string> {
  const published = await Promise.all(architectures.map((name) => versionsOf(`node-linux-${name}`, major)))
  return newestOf((published[0] ?? []).filter((version) => published.every((list) => list.includes(version))))
}

/** Fetches a package from the npm registry and unpacks its content into `folder`. */
export async function unpackPackage(specifier: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const output = await run('npm', ['pack', specifier, '--json', '--pack-destination', folder], {
    cwd: folder,
  })
  const [packed] = JSON.parse(output) as { filename: string }[]
  const tarball = join(folder, packed?.filename ?? '')
  await run('tar', ['--extract', '--gzip', '--strip-components=1', '--no-same-owner', '--file', tarball], {
    cwd: folder,
  })
  await run('rm', [tarball])
}

async function versionsOf(name: string, major: number): Promise<string[]> {
  const output = await run('npm', ['view', `${name}@${major}`, 'version', '--json'])
  return [JSON.parse(output) as string | string[]].flat()
}

function newestOf(versions: readonly string[]): string {
  const newest = [...versions].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
  if (newest === undefined) throw new EngineError('no such version of Node.js is published')
  return newest
}
