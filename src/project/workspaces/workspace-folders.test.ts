import { relative } from 'node:path'
import mapWorkspaces from '@npmcli/map-workspaces'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { temporaryProject, type TreeNode } from '../fixtures/temporary-project.ts'
import { workspaceFolders } from './workspace-folders.ts'

const folders = [
  'packages/a',
  'packages/b',
  'packages/b/nested',
  'packages/c',
  'apps/a',
  'apps/.hidden',
  'tools',
  'deep/x/y/z',
  'packages/a/node_modules/m',
]

it('finds what npm finds', async () => {
  const tree: Record<string, TreeNode> = { 'packages/none/x': '' }
  for (const folder of folders)
    tree[`${folder}/package.json`] = JSON.stringify({ name: folder.replaceAll('/', '-') })
  const root = await temporaryProject(tree)
  const part = fc.constantFrom(
    'packages',
    'apps',
    'a',
    'b',
    '*',
    '**',
    '{a,b}',
    'nested',
    'tools',
    'deep',
    'none',
    'linked',
  )
  const glob = fc
    .tuple(
      fc.constantFrom('', '', '', './', '/', '!', '!!'),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '/'),
    )
    .map(([start, parts, end]) => start + parts.join('/') + end)
  await fc.assert(
    fc.asyncProperty(fc.array(glob, { minLength: 1, maxLength: 4 }), async (workspaces) => {
      const npm = await mapWorkspaces({ cwd: root, pkg: { workspaces } }).catch(() => undefined)
      if (!npm) return
      const expected = [...npm.values()].map((path) => relative(root, path))
      expect(workspaceFolders(root, workspaces)).toEqual(expected.sort())
    }),
    { numRuns: 300 },
  )
})

it('refuses what a negated `*/**` names: the folder itself too', async () => {
  const root = await temporaryProject({ 'tools/package.json': '{"name":"tools"}' })
  expect(workspaceFolders(root, ['!*/**', '**'])).toEqual([])
})

it('takes a link where a glob names it, and does not search behind it', async () => {
  const root = await temporaryProject({
    'tools/package.json': '{}',
    'tools/deep/package.json': '{}',
    'packages/linked': { link: '../tools' },
  })
  expect(workspaceFolders(root, ['packages/*', 'packages/*/deep'])).toEqual(['packages/linked'])
})
