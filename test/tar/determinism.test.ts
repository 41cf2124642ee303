/** The same bytes from every supported Node version, from the sources and from a bundle: digests of layers depend on it. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureNode } from '../engines/node.ts'
import { run } from '../engines/run.ts'
import { printedDigests } from './digests.ts'

const root = resolve(import.meta.dirname, '../..')

let folder: string
let bundle: string
let expected: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'everyarch-bundle-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  // As the product itself is bundled: dependencies outside, chunks in a folder of their own.
  await build({
    entryPoints: { digests: join(import.meta.dirname, 'digests.ts') },
    outdir: join(folder, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    chunkNames: 'chunks/[name]-[hash]',
  })
  bundle = join(folder, 'dist/digests.js')
  expected = await printedDigests()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('layers', () => {
  it.each([20, 22, 24])('have the same digests on Node %d', async (major) => {
    const node = await ensureNode(major)
    const program = `import(${JSON.stringify(pathToFileURL(bundle).href)}).then(async (m) => console.log(await m.printedDigests()))`
    const printed = await run(node, ['--eval', program], { cwd: tmpdir() })
    expect(JSON.parse(printed)).toEqual(JSON.parse(expected))
    expect(Object.keys(JSON.parse(expected) as object)).toHaveLength(6)
  })
})
