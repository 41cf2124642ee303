/** Holds the floors of docs/architecture.md: a room imports only rooms of lower floors, and only through their index.ts. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

const floors: readonly (readonly string[])[] = [
  ['base'],
  ['oci', 'tar', 'elf', 'dockerfile', 'workflow', 'lockfile'],
  ['project', 'store', 'npm', 'debian', 'rootfs', 'binfmt'],
  ['addons', 'forecast', 'compare'],
  ['optimize'],
  ['engines/direct', 'engines/buildkit', 'verify', 'smoke', 'checks', 'scaffold'],
  ['pipeline', 'doctor'],
  ['report'],
  ['cli', 'index.ts'],
  ['action'],
]
const source = resolve(import.meta.dirname, '../src')

interface Import {
  file: string
  target: string
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(source, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !/(^|\/)(fixtures|testdata)\//.test(file))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8')
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)].map(
    (match) => match[1] as string,
  )
  return specifiers.map((specifier) => ({
    file,
    target: relative(source, resolve(source, dirname(file), specifier))
      .split(sep)
      .join('/'),
  }))
}

function roomOf(path: string): string | undefined {
  return floors.flat().find((room) => path === room || path.startsWith(`${room}/`))
}

function floorOf(room: string): number {
  return floors.findIndex((floor) => floor.includes(room))
}

const files = filesBelow(source)
const crossings = files
  .flatMap(importsOf)
  .filter(({ file, target }) => target !== '../package.json' && roomOf(file) !== roomOf(target))

describe('architecture', () => {
  it('sees the source', () => {
    expect(files.length).toBeGreaterThan(20)
    expect(crossings.length).toBeGreaterThan(10)
  })

  it('puts every file in a room', () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([])
  })

  it('imports only from lower floors', () => {
    const climbing = crossings.filter(({ file, target }) => {
      const from = roomOf(file)
      const to = roomOf(target)
      return from === undefined || to === undefined || floorOf(to) >= floorOf(from)
    })
    expect(climbing).toEqual([])
  })

  it('enters another room only through its index.ts', () => {
    const deep = crossings.filter(({ target }) => target !== `${roomOf(target)}/index.ts`)
    expect(deep).toEqual([])
  })

  it('has no folder without a subject', () => {
    const vague = /(^|\/)(utils?|helpers?|common|misc|lib|types)(\/|$)/
    expect(files.map(dirname).filter((folder) => vague.test(folder))).toEqual([])
  })

  it('reads the environment and prints only at the top', () => {
    const top = new Set(['cli', 'action'])
    const offending = files.filter((file) => {
      if (top.has(roomOf(file) ?? '') || file === 'index.ts' || file.endsWith('.test.ts')) return false
      return /process\.(env|exit|exitCode|stdout|stderr)\b|console\./.test(
        readFileSync(join(source, file), 'utf8'),
      )
    })
    expect(offending).toEqual([])
  })
})
