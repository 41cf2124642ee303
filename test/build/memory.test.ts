/** Streams, not buffers: a gigabyte of node_modules passes through a process that stays small. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'

const root = join(import.meta.dirname, '../..')
const mebibyte = 1 << 20
/** 1 GiB in all: many middling packages, a few large ones, one huge one. */
const sizes = [256, 96, 96, 64, ...Array.from({ length: 64 }, () => 8)]

describeWith(['time', 'tar'], 'memory', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-memory-'))
    await writeProject(folder)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('stays under 300 MB for 1 GiB of dependencies', async () => {
    const command = [
      process.execPath,
      join(root, 'dist/cli.js'),
      'build',
      folder,
      '--base',
      'assemble:bookworm',
      '--platform',
      'linux/amd64',
    ]
    const places = [
      '--cache-dir',
      join(folder, '.cache'),
      '--output',
      `oci:${join(folder, '.out')}`,
      '--progress',
      'quiet',
      '--json',
    ]
    const report = JSON.parse(
      await run('time', ['--format', '%M', '--output', join(folder, '.peak'), ...command, ...places]),
    )
    expect(report.platforms[0].size).toBeGreaterThan(100 * mebibyte)
    const kibibytes = Number((await readFile(join(folder, '.peak'), 'utf8')).trim())
    expect(kibibytes * 1024).toBeLessThan(300e6)
  })
})

/** A project whose dependencies are tarballs beside it. */
async function writeProject(folder: string): Promise<void> {
  const dependencies: Record<string, string> = {}
  const packages: Record<string, object> = {}
  for (const [index, size] of sizes.entries()) {
    const name = `package-${index}`
    const file = await writePackage(folder, name, size)
    dependencies[name] = `file:${file}`
    const integrity = `sha512-${createHash('sha512')
      .update(await readFile(join(folder, file)))
      .digest('base64')}`
    packages[`node_modules/${name}`] = { version: '1.0.0', resolved: `file:${file}`, integrity }
  }
  const manifest = { name: 'large', version: '1.0.0', main: 'index.js', dependencies }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(folder, 'index.js'), '')
  await writeFile(join(folder, '.dockerignore'), '*.tgz\n.*\n')
  const lock = {
    name: 'large',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': manifest, ...packages },
  }
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock))
}

async function writePackage(folder: string, name: string, size: number): Promise<string> {
  const work = join(folder, `.${name}`)
  await mkdir(join(work, 'package'), { recursive: true })
  await writeFile(join(work, 'package/package.json'), JSON.stringify({ name, version: '1.0.0' }))
  // A quarter of it cannot be compressed: about what a real node_modules full of binaries is like.
  const block = Buffer.concat([randomBytes(mebibyte / 4), Buffer.alloc((mebibyte / 4) * 3, name)])
  for (let part = 0; part * 32 < size; part++) {
    await writeFile(
      join(work, `package/data-${part}.bin`),
      Buffer.concat(Array.from({ length: Math.min(32, size - part * 32) }, () => block)),
    )
  }
  await run('tar', ['--create', '--gzip', '--file', `${name}.tgz`, '--directory', `.${name}`, 'package'], {
    cwd: folder,
  })
  await rm(work, { recursive: true })
  return `${name}.tgz`
}
