import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { collect } from '../../../base/index.ts'
import { type AppFile, appLayerEntries } from './app-layer.ts'

const folder = mkdtempSync(join(tmpdir(), 'everyarch-app-layer-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (path: string, content = path, executable = false): AppFile => {
  const from = join(folder, path.replaceAll('/', '_'))
  writeFileSync(from, content)
  return { entry: { type: 'file', path, size: Buffer.byteLength(content), executable, stamp: '' }, from }
}
const signal = new AbortController().signal

describe('appLayerEntries', () => {
  it('adds parents, sorts folders before their contents, and normalises owner, mode and time', () => {
    const files = [
      file('dist/b.js'),
      file('dist.txt'),
      file('dist/a/x.sh', 'x', true),
      { entry: { type: 'symlink', path: 'l', target: 'dist' }, from: '' } as const,
    ]
    const entries = [...appLayerEntries({ prefix: 'srv/app', files, remove: [], mtime: 5 })]
    expect(entries.map(({ path, type, mode }) => [path, type, mode.toString(8)])).toEqual([
      ['srv', 'directory', '755'],
      ['srv/app', 'directory', '755'],
      ['srv/app/dist', 'directory', '755'],
      ['srv/app/dist/a', 'directory', '755'],
      ['srv/app/dist/a/x.sh', 'file', '755'],
      ['srv/app/dist/b.js', 'file', '644'],
      ['srv/app/dist.txt', 'file', '644'],
      ['srv/app/l', 'symlink', '777'],
    ])
    expect(entries.every(({ uid, gid, mtime }) => uid === 0 && gid === 0 && mtime === 5)).toBe(true)
  })

  it('hides files of earlier layers with whiteouts', () => {
    const entries = [
      ...appLayerEntries({ prefix: 'app', files: [], remove: ['node_modules/a/b.js'], mtime: 0 }),
    ]
    expect(entries.map(({ path }) => path)).toEqual([
      'app',
      'app/node_modules',
      'app/node_modules/a',
      'app/node_modules/a/.wh.b.js',
    ])
  })

  it('reports files that contain the build folder’s path, also where it crosses a chunk', async () => {
    const long = `${'x'.repeat((1 << 18) - 4)}/build/folder`
    const found: string[] = []
    const files = [file('clean'), file('crossing', long)]
    const watch = { needle: '/build/folder', found: (path: string) => found.push(path) }
    for (const entry of appLayerEntries({ prefix: 'app', files, remove: [], mtime: 0, watch })) {
      if (entry.content) await collect(entry.content({ signal }), 1 << 20, entry.path)
    }
    expect(found).toEqual(['app/crossing'])
  })
})
