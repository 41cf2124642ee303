import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CodeCacheSettings, compileScript } from './code-cache.ts'

describe('compileScript', () => {
  let folder: string
  let file: string
  let settings: CodeCacheSettings
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'code-cache-'))
    file = join(folder, 'program.cjs')
    settings = { folder: join(folder, 'code'), purpose: 'build' }
    await writeFile(file, program('one'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const program = (word: string) => `(function () { return (function later() { return '${word}' })() })`
  const run = (changes: Partial<CodeCacheSettings> = {}) => {
    const script = compileScript(file, { ...settings, ...changes })
    const value = (script.value as () => string)()
    script.keep()
    return `${value}${script.fromCache ? ', from the cache' : ''}`
  }
  const kept = async () => (await readdir(settings.folder as string)).sort()

  it('takes what an earlier run compiled', async () => {
    expect([run(), run(), run()]).toEqual(['one', 'one, from the cache', 'one, from the cache'])
    expect(await kept()).toHaveLength(1)
  })

  it('tells scripts of one length apart, and purposes', async () => {
    run()
    await writeFile(file, program('two'))
    expect(run()).toBe('two')
    expect(run({ purpose: 'verify' })).toBe('two')
    expect(await kept()).toHaveLength(3)
  })

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['cut', (bytes) => bytes.subarray(0, bytes.byteLength - 9)],
    ['empty', () => new Uint8Array()],
    ['changed in one bit', (bytes) => bytes.fill((bytes.at(-1) as number) ^ 1, bytes.byteLength - 1)],
  ])('gives V8 nothing that is %s, and keeps it anew', async (_, damage) => {
    run()
    const path = join(settings.folder as string, (await kept())[0] as string)
    await writeFile(path, damage(await readFile(path)))
    expect([run(), run()]).toEqual(['one', 'one, from the cache'])
  })

  it('removes what nobody has made for a month', async () => {
    run({ purpose: 'old' })
    const path = join(settings.folder as string, (await kept())[0] as string)
    const old = (await stat(path)).mtimeMs / 1000 - 31 * 24 * 3600
    await utimes(path, old, old)
    run()
    expect(await kept()).toHaveLength(1)
  })

  it('works without a folder, and with one that cannot be written', async () => {
    expect([run({ folder: undefined }), run({ folder: undefined })]).toEqual(['one', 'one'])
    expect([run({ folder: join(file, 'below') }), run({ folder: join(file, 'below') })]).toEqual([
      'one',
      'one',
    ])
  })
})
