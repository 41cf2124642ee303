import { describe, expect, it } from 'vitest'
import { planBuild } from './build-scripts.ts'
import { parsePackageJson } from './package-json.ts'
import type { Project } from './project.ts'
import type { Workspace } from './workspaces/workspaces.ts'

function workspace(folder: string, value: object): Workspace {
  return { folder, packageJson: parsePackageJson(JSON.stringify(value), `${folder}/package.json`) }
}

function project(app: Workspace, more: Partial<Project> = {}): Project {
  return {
    root: '/x',
    rootPackage: app.packageJson,
    workspaces: [],
    app,
    configuration: {},
    configurationFiles: [],
    ...more,
  }
}

const scripts = { scripts: { build: 'tsc' } }

describe('planBuild', () => {
  it('runs the build script with what belongs to it', () => {
    const app = workspace('', { scripts: { postbuild: 'c', build: 'b', prebuild: 'a', prepare: 'x' } })
    expect(planBuild(project(app), [])).toEqual([
      { event: 'prebuild', command: 'a', folder: '' },
      { event: 'build', command: 'b', folder: '' },
      { event: 'postbuild', command: 'c', folder: '' },
    ])
    expect(planBuild(project(workspace('', { scripts: { prebuild: 'a' } })), [])).toEqual([])
  })

  it('runs the configured command in the root, or nothing', () => {
    const app = workspace('packages/api', scripts)
    expect(planBuild(project(app, { configuration: { build: 'make' } }), [])).toEqual([
      { event: 'build', command: 'make', folder: '' },
    ])
    expect(planBuild(project(app, { configuration: { build: false } }), [])).toEqual([])
  })

  it('builds the workspaces that the app needs first, each after those that it needs', () => {
    const api = workspace('packages/api', { ...scripts, name: 'api', dependencies: { core: '*' } })
    const core = workspace('packages/core', { ...scripts, name: 'core', dependencies: { model: '*' } })
    const model = workspace('packages/model', { ...scripts, name: 'model', devDependencies: { core: '*' } })
    const web = workspace('packages/web', { ...scripts, name: 'web' })
    const all = { workspaces: [api, core, model, web] }
    const folders = planBuild(project(api, all), ['packages/core', 'packages/model']).map(
      ({ folder }) => folder,
    )
    expect(folders).toEqual(['packages/model', 'packages/core', 'packages/api'])
  })
})
