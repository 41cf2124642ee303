import { describe, expect, it } from 'vitest'
import { signal, temporaryProject, type TreeNode } from '../fixtures/temporary-project.ts'
import { readPackageJson } from '../package-json.ts'
import { chooseWorkspace, findWorkspaces } from './workspaces.ts'

async function find(workspaces: unknown, tree: Record<string, TreeNode>) {
  const root = await temporaryProject({ 'package.json': JSON.stringify({ workspaces }), ...tree })
  return findWorkspaces(root, await readPackageJson(root, '', { signal }), { signal })
}
const tree = {
  'packages/web/package.json': '{"name": "@acme/web"}',
  'packages/api/package.json': '{"name": "@acme/api"}',
  'packages/empty/x': '',
  'packages/old/package.json': '{"name": "old"}',
  'packages/api/node_modules/x/package.json': '{"name": "x"}',
  'tools/api/package.json': '{}',
}

describe('findWorkspaces', () => {
  it('finds folders with a package.json, sorted, with exceptions', async () => {
    const found = await find(['packages/*', './tools/api', '!packages/old'], tree)
    expect(found.map(({ folder, packageJson }) => [folder, packageJson.file])).toEqual([
      ['packages/api', 'packages/api/package.json'],
      ['packages/web', 'packages/web/package.json'],
      ['tools/api', 'tools/api/package.json'],
    ])
  })

  it('has none without a list, and takes the object form', async () => {
    expect(await find(undefined, tree)).toEqual([])
    expect(await find({ packages: ['packages/web'] }, tree)).toHaveLength(1)
  })

  it('refuses two of one name, and a broken package.json', async () => {
    await expect(
      find(['*'], { 'a/package.json': '{"name": "x"}', 'b/package.json': '{"name": "x"}' }),
    ).rejects.toMatchObject({ code: 'WORKSPACES_INVALID', hint: 'give each workspace a name of its own' })
    await expect(find(['*'], { 'a/package.json': '{\n"name": x}' })).rejects.toMatchObject({
      code: 'PACKAGE_JSON_INVALID',
      message: 'a/package.json:2:9: expected a value, found x',
    })
  })
})

describe('chooseWorkspace', () => {
  it('takes a folder, a name, or an unmistakable last part', async () => {
    const all = await find(['packages/*', 'tools/*'], tree)
    const folder = (wanted: string) => chooseWorkspace(all, wanted).folder
    expect(folder('./packages/api/')).toBe('packages/api')
    expect(folder('@acme/api')).toBe('packages/api')
    expect(folder('web')).toBe('packages/web')
    expect(() => folder('api')).toThrow('api may be any of the workspaces packages/api, tools/api')
    expect(() => folder('wbe')).toThrow(
      expect.objectContaining({
        code: 'WORKSPACE_UNKNOWN',
        hint: 'the workspaces are packages/api, packages/old, packages/web, tools/api',
      }),
    )
    expect(() => folder('packages/webb')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('did you mean packages/web?') }),
    )
    expect(() => chooseWorkspace([], 'x')).toThrow('the project has none')
  })
})
