import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeCacheSettings } from './code-cache-settings.ts'

describe('codeCacheSettings', () => {
  const env = { EVERYARCH_CACHE_DIR: 'cache' }
  const below = (folder: string) => join(folder, 'code')

  it.each([
    [['build', '.'], below('cache'), 'build'],
    [['verify', '--cache-dir', 'other'], below('other'), 'verify'],
    [['build', '--cache-dir=other', '--json'], below('other'), 'build'],
    [['build', '--cache-dir'], below('cache'), 'build'],
    [['--version'], below('cache'), ''],
    [['../../etc'], below('cache'), ''],
    [[], below('cache'), ''],
  ])('%j', (args, folder, purpose) => {
    expect(codeCacheSettings(args, env, '/home/me')).toEqual({ folder, purpose })
  })

  it('keeps nothing where Node is told to keep nothing', () => {
    const settings = codeCacheSettings(['build'], { ...env, NODE_DISABLE_COMPILE_CACHE: '1' }, '/home/me')
    expect(settings.folder).toBeUndefined()
  })
})
