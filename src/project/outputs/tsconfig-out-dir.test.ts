import { describe, expect, it } from 'vitest'
import { signal, temporaryProject, type TreeNode } from '../fixtures/temporary-project.ts'
import { parsePackageJson } from '../package-json.ts'
import { compilerOutput } from './tsconfig-out-dir.ts'

async function output(tree: Record<string, TreeNode>, build = 'tsc') {
  const folder = await temporaryProject(tree)
  return compilerOutput(folder, parsePackageJson(JSON.stringify({ scripts: { build } }), 'package.json'), {
    signal,
  })
}
const config = (outDir: string, more: object = {}) => JSON.stringify({ compilerOptions: { outDir }, ...more })

describe('compilerOutput', () => {
  it('reads comments and trailing commas', async () => {
    const text = '\uFEFF// c\n{ "compilerOptions": { /* d */ "outDir": "./dist/", }, }'
    expect(await output({ 'tsconfig.json': text })).toEqual({ folder: 'dist', config: 'tsconfig.json' })
  })

  it('follows extends: relative, without suffix, lists, packages; outDir is relative to the file that has it', async () => {
    expect(
      (
        await output({
          'tsconfig.json': '{"extends": "./config/base"}',
          'config/base.json': config('../out'),
        })
      )?.folder,
    ).toBe('out')
    expect(
      (
        await output({
          'tsconfig.json': '{"extends": ["./a.json", "./b.json", "./missing.json"]}',
          'a.json': config('a'),
          'b.json': config('b'),
        })
      )?.folder,
    ).toBe('b')
    expect(
      (
        await output({
          'tsconfig.json': '{"extends": "@acme/tsconfig/node"}',
          'node_modules/@acme/tsconfig/node.json': config('${configDir}/lib'),
          'node_modules/@acme/tsconfig/package.json': '{"name": "@acme/tsconfig"}',
        })
      )?.folder,
    ).toBe('lib')
  })

  it('survives a cycle of extends', async () => {
    expect(
      await output({
        'tsconfig.json': '{"extends": "./b.json"}',
        'b.json': '{"extends": "./tsconfig.json"}',
      }),
    ).toBeUndefined()
  })

  it.each([
    ['tsc -p tsconfig.build.json', 'built'],
    ['rm -rf x && tsc --project ./tsconfig.build.json --noEmitOnError', 'built'],
    ['tsc -b server', 'server/out'],
    ['tsc --outDir made', 'made'],
    ['tsc', 'base'],
  ])('%s writes %s', async (build, folder) => {
    const tree = {
      'tsconfig.json': config('base'),
      'tsconfig.build.json': config('built', { extends: './tsconfig.json' }),
      'server/tsconfig.json': config('out'),
    }
    expect((await output(tree, build))?.folder).toBe(folder)
  })

  it('is undefined when nothing is emitted, outside of the package, and without a configuration', async () => {
    expect(
      await output({ 'tsconfig.json': '{"compilerOptions": {"outDir": "x", "noEmit": true}}' }),
    ).toBeUndefined()
    expect(await output({ 'tsconfig.json': config('../elsewhere') })).toBeUndefined()
    expect(await output({ 'tsconfig.json': config('.') })).toBeUndefined()
    expect(await output({ 'a.js': '' })).toBeUndefined()
  })

  it('says where a tsconfig file is broken', async () => {
    await expect(output({ 'tsconfig.json': '{\n  "compilerOptions": {\n}' })).rejects.toMatchObject({
      code: 'OUTPUT_INVALID',
      message: 'tsconfig.json:3:2: expected "," or "}", found the end of the file',
    })
  })
})
