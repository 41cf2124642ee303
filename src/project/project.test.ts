import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signal, temporaryProject } from './fixtures/temporary-project.ts'
import { openProject } from './project.ts'

const monorepo = {
  'package.json': '{"workspaces": ["packages/*"]}',
  'package-lock.json': '{}',
  'packages/api/package.json': '{"name": "api"}',
  'packages/web/package.json': '{"name": "web"}',
}

describe('openProject', () => {
  it('gives the real root, the root package as app, and the merged configuration', async () => {
    const root = await temporaryProject({
      'package.json': '{"main": "x.js"}',
      'everyarch.config.json': '{"compression": "zstd", "image": {"user": "node"}}',
    })
    symlinkSync(root, join(root, 'link'))
    const project = await openProject(join(root, 'link'), {
      signal,
      flags: { image: { user: '0' }, compressionLevel: 19 },
    })
    expect(project).toMatchObject({
      root,
      app: { folder: '' },
      workspaces: [],
      configuration: { compression: 'zstd', compressionLevel: 19, image: { user: '0' } },
      configurationFiles: ['everyarch.config.json'],
    })
  })

  it('refuses a level that the compression does not have, wherever the two come from', async () => {
    const root = await temporaryProject({
      'package.json': '{}',
      'everyarch.config.json': '{"compressionLevel": 12}',
    })
    await expect(openProject(root, { signal })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: 'gzip has no level 12',
    })
    expect(
      (await openProject(root, { signal, flags: { compression: 'zstd' } })).configuration.compressionLevel,
    ).toBe(12)
  })

  it('opens a workspace by configuration or flag', async () => {
    const root = await temporaryProject(monorepo)
    const project = await openProject(root, { signal, flags: { workspace: 'web' } })
    expect(project.app).toMatchObject({ folder: 'packages/web', packageJson: { name: 'web' } })
    expect(project.workspaces).toHaveLength(2)
  })

  it("lays a workspace's configuration over the root's, and flags over both", async () => {
    const root = await temporaryProject({
      ...monorepo,
      'everyarch.config.json':
        '{"workspace": "api", "image": {"user": "node", "env": {"A": "root", "B": "root", "C": "root"}}}',
      'packages/api/package.json':
        '{"name": "api", "everyarch": {"image": {"env": {"B": "api", "C": "api"}}}}',
      'packages/web/everyarch.config.json': '{"image": {"prots": []}}',
      'other.json': '{"workspace": "api"}',
    })
    const project = await openProject(root, { signal, flags: { image: { env: { C: 'flag' } } } })
    expect(project.configuration.image).toEqual({ user: 'node', env: { A: 'root', B: 'api', C: 'flag' } })
    expect(project.configurationFiles).toEqual(['everyarch.config.json', 'packages/api/package.json'])
    await expect(openProject(root, { signal, flags: { workspace: 'web' } })).rejects.toThrow(
      'packages/web/everyarch.config.json:1:12: image.prots: unknown key, did you mean "ports"?',
    )
    const named = await openProject(root, { signal, configurationFile: 'other.json' })
    expect(named).toMatchObject({ configuration: { workspace: 'api' }, configurationFiles: ['other.json'] })
  })

  it('asks which workspace when the root is no service itself', async () => {
    const root = await temporaryProject(monorepo)
    await expect(openProject(root, { signal })).rejects.toMatchObject({
      code: 'WORKSPACE_UNKNOWN',
      hint: 'say which one to build: --workspace packages/api | packages/web',
    })
    const service = await temporaryProject({ ...monorepo, 'server.js': '' })
    expect((await openProject(service, { signal })).app.folder).toBe('')
  })

  it('sends who opens a workspace to its root', async () => {
    const root = await temporaryProject(monorepo)
    await expect(openProject(join(root, 'packages/api'), { signal })).rejects.toMatchObject({
      code: 'WORKSPACE_NOT_ROOT',
      hint: `build it from there: everyarch build ${root} --workspace packages/api`,
    })
    const own = await temporaryProject({ ...monorepo, 'packages/api/package-lock.json': '{}' })
    expect((await openProject(join(own, 'packages/api'), { signal })).app.packageJson.name).toBe('api')
  })

  it('refuses a folder that is none', async () => {
    await expect(openProject('/nowhere/at/all', { signal })).rejects.toMatchObject({
      code: 'PROJECT_NOT_FOUND',
    })
  })
})
