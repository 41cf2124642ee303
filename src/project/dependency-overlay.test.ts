import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareTrees, dependencyOverlay, type TreeEntry } from './dependency-overlay.ts'

const file = (path: string, identity = '1', executable = false): TreeEntry => ({
  path,
  type: 'file',
  executable,
  identity,
})

describe('compareTrees', () => {
  it('finds what was added, changed and removed, whatever the order', () => {
    const before = [file('c'), file('a'), file('gone'), { ...file('link', 'x'), type: 'symlink' as const }]
    const after = [file('new'), file('link', 'x'), file('c', '2'), file('a', '1', true), file('also')]
    const paths = (entries: TreeEntry[]) => entries.map(({ path }) => path)
    const { added, changed, removed } = compareTrees(before, after)
    expect(paths(added)).toEqual(['also', 'new'])
    expect(paths(changed)).toEqual(['a', 'c', 'link'])
    expect(paths(removed)).toEqual(['gone'])
  })

  it('turns the one tree into the other', () => {
    const tree = fc.uniqueArray(
      fc.record({ path: fc.constantFrom('a', 'b', 'c', 'd'), identity: fc.constantFrom('1', '2') }),
      {
        selector: ({ path }) => path,
      },
    )
    fc.assert(
      fc.property(tree, tree, (one, two) => {
        const [before, after] = [one, two].map((list) =>
          list.map(({ path, identity }) => file(path, identity)),
        )
        const change = compareTrees(before ?? [], after ?? [])
        const result = new Map(before?.map((entry) => [entry.path, entry]))
        for (const { path } of change.removed) result.delete(path)
        for (const entry of [...change.added, ...change.changed]) result.set(entry.path, entry)
        expect([...result.values()].map(({ path, identity }) => path + identity).sort()).toEqual(
          after?.map(({ path, identity }) => path + identity).sort(),
        )
      }),
    )
  })
})

describe('dependencyOverlay', () => {
  const options = {
    shared: new Set([
      'node_modules/left-pad',
      'node_modules/@prisma/client',
      'node_modules/a/node_modules/b',
      'packages/api/node_modules/c',
    ]),
    perPlatform: new Set(['node_modules/@img/sharp-linux-x64']),
    isBinary: (path: string) => path.endsWith('.node'),
  }
  const overlay = (change: Partial<Parameters<typeof dependencyOverlay>[0]>, more = {}) =>
    dependencyOverlay({ added: [], changed: [], removed: [], ...change }, { ...options, ...more })
  const written = (result: ReturnType<typeof overlay>) => result.write.map(({ path }) => path)

  it('takes changes to packages of the image (patch-package), at any depth', () => {
    const changed = [
      'node_modules/left-pad/index.js',
      'node_modules/a/node_modules/b/x.js',
      'packages/api/node_modules/c/y.js',
    ]
    const result = overlay({
      changed: changed.map((path) => file(path)),
      removed: [file('node_modules/left-pad/old.js')],
    })
    expect(written(result)).toEqual([...changed].sort())
    expect(result).toMatchObject({ remove: ['node_modules/left-pad/old.js'], findings: [] })
  })

  it('takes generated folders (prisma generate), but not what tools keep for themselves', () => {
    const added = ['.prisma/client/index.js', '.cache/x', '.vite/y', '.bin/z', '.package-lock.json'].map(
      (path) => file(`node_modules/${path}`),
    )
    expect(written(overlay({ added }))).toEqual(['node_modules/.prisma/client/index.js'])
  })

  it('leaves packages alone that are not in the image', () => {
    expect(
      written(
        overlay({
          changed: [file('node_modules/typescript/lib/tsc.js')],
          added: [file('node_modules/a/x.js')],
        }),
      ),
    ).toEqual([])
  })

  it('knows a generated package by the list of what was installed', () => {
    const installed = new Set([...options.shared, 'node_modules/typescript'])
    const added = [file('node_modules/@acme/generated/index.js'), file('node_modules/typescript/cache')]
    expect(written(overlay({ added }, { installed }))).toEqual(['node_modules/@acme/generated/index.js'])
  })

  it('leaves machine code out and says so', () => {
    const result = overlay({
      added: [file('node_modules/.prisma/client/engine.so.node')],
      changed: [file('node_modules/left-pad/build/x.node')],
    })
    expect(result.write).toEqual([])
    expect(result.findings).toMatchObject([
      {
        rule: 'project/script-made-binary',
        severity: 'warning',
        details: { file: 'node_modules/.prisma/client/engine.so.node' },
      },
      { rule: 'project/script-made-binary', severity: 'info' },
    ])
  })

  it('says once when a package that differs between platforms was changed', () => {
    const result = overlay({
      changed: [
        file('node_modules/@img/sharp-linux-x64/a.js'),
        file('node_modules/@img/sharp-linux-x64/b.js'),
      ],
      removed: [file('node_modules/@img/sharp-linux-x64/c.js')],
    })
    expect(result).toMatchObject({
      write: [],
      remove: [],
      findings: [
        {
          rule: 'project/script-changed-platform-package',
          details: { folder: 'node_modules/@img/sharp-linux-x64' },
        },
      ],
    })
  })
})
