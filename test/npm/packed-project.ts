/** Projects of packages that a test makes up, with a lock that the real npm wrote. */
import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fromText } from '../../src/base/index.ts'
import { writeTar } from '../../src/tar/index.ts'
import { npmEnvironment, signal } from './workplace.ts'

/** A project whose dependencies are these packages: folder → files. Its lock is written by npm. */
export async function packedProject(
  folder: string,
  packages: Record<string, Record<string, string>>,
  more: Record<string, unknown> = {},
): Promise<void> {
  const dependencies: Record<string, string> = {}
  for (const [name, files] of Object.entries(packages)) {
    const chunks: Uint8Array[] = []
    const entries = Object.entries(files).map(([path, text]) => ({
      path: `package/${path}`,
      type: 'file' as const,
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
      size: Buffer.byteLength(text),
      content: fromText(text),
    }))
    for await (const chunk of writeTar(entries, { signal })) chunks.push(chunk)
    await writeFile(join(folder, `${name}.tgz`), gzipSync(Buffer.concat(chunks)))
    dependencies[name] = `file:${name}.tgz`
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'project', dependencies, ...more }))
  await writeFile(join(folder, 'package-lock.json'), '')
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    env: npmEnvironment(folder),
    stdio: 'pipe',
  })
}

export function manifest(name: string, more: Record<string, unknown>): string {
  return JSON.stringify({ name, version: '1.0.0', ...more })
}
