/** Install scripts of dependencies, run by the real npm in a tree that we wrote. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installTree, type NpmConfig, runInstallScripts } from '../../src/npm/index.ts'
import { manifest, packedProject } from './packed-project.ts'

import { openWorkplace, readLock, signal, type Workplace, workplace } from './workplace.ts'

let place: Workplace
let output: string[]

beforeEach(async () => {
  place = await workplace('written-by-npm-10')
  output = []
})
afterEach(() => place[Symbol.asyncDispose]())

async function build(config: NpmConfig = place.config): Promise<readonly string[]> {
  const { folder, source } = place
  const tree = await installTree(await readLock(folder), { folder, source, signal })
  return runInstallScripts(tree, { folder, config, signal, onOutput: (_, line) => output.push(line) })
}

async function written(path: string): Promise<string> {
  return readFile(join(place.folder, path), 'utf8').catch(() => 'nothing')
}

describe('runInstallScripts', () => {
  const writes = { install: 'node write.js' }
  const scripted = {
    'package.json': manifest('scripted', { scripts: writes }),
    'write.js': "console.log('it runs'); require('fs').writeFileSync('made', 'by its script')",
  }

  it('runs the scripts of those that have some, and shows what they say', async () => {
    await packedProject(place.folder, {
      scripted,
      plain: { 'package.json': manifest('plain', { scripts: { test: 'false' } }) },
    })
    expect(await build()).toEqual(['node_modules/scripted'])
    expect(await written('node_modules/scripted/made')).toBe('by its script')
    expect(output.join('\n')).toContain('it runs')
  })

  it('starts nothing when nothing has a script, or when npm is told to ignore them', async () => {
    await packedProject(place.folder, { plain: { 'package.json': manifest('plain', {}) } })
    expect(await build({ ...place.config, env: { PATH: '' } })).toEqual([])
    await packedProject(place.folder, { scripted })
    await writeFile(join(place.folder, '.npmrc'), 'ignore-scripts=true\n')
    const config = (await openWorkplace(place.folder)).config
    expect(await build(config)).toEqual([])
    expect(await written('node_modules/scripted/made')).toBe('nothing')
  })

  it('finds the packages that npm would compile without being told so', async () => {
    const gyp = "{ 'targets': [] }"
    await packedProject(place.folder, {
      compiled: { 'package.json': manifest('compiled', {}), 'binding.gyp': gyp },
      declined: { 'package.json': manifest('declined', { gypfile: false }), 'binding.gyp': gyp },
      elsewhere: { 'package.json': manifest('elsewhere', {}), 'src/binding.gyp': gyp },
    })
    const { folder, source } = place
    const tree = await installTree(await readLock(folder), { folder, source, signal })
    expect(tree).toMatchObject({ packages: 3, scripted: [{ location: 'node_modules/compiled' }] })
  })

  it('runs those of workspaces, prepare included', async () => {
    await mkdir(join(place.folder, 'packages/api'), { recursive: true })
    const scripts = { prepare: "node -e \"fs.writeFileSync('made', 'by prepare')\"" }
    await writeFile(join(place.folder, 'packages/api/package.json'), manifest('api', { scripts }))
    await packedProject(place.folder, {}, { workspaces: ['packages/*'] })
    expect(await build()).toEqual(['node_modules/api'])
    expect(await written('packages/api/made')).toBe('by prepare')
  })

  it('fails with the last lines of the script', async () => {
    await packedProject(place.folder, {
      broken: {
        'package.json': manifest('broken', { scripts: { install: 'echo no compiler here; exit 3' } }),
      },
    })
    await expect(build()).rejects.toMatchObject({
      code: 'NPM_INSTALL_SCRIPTS_FAILED',
      hint: expect.stringContaining('no compiler here'),
    })
  })

  it('goes on without an optional package whose script fails', async () => {
    const broken = { 'package.json': manifest('broken', { scripts: { install: 'exit 3' } }) }
    await packedProject(
      place.folder,
      { scripted, broken },
      {
        dependencies: { scripted: 'file:scripted.tgz' },
        optionalDependencies: { broken: 'file:broken.tgz' },
      },
    )
    expect(await build()).toEqual(['node_modules/scripted'])
    expect(output.join('\n')).toContain('node_modules/broken is optional')
  })

  it('says so when there is no npm', async () => {
    await packedProject(place.folder, { scripted })
    const env = { PATH: dirname(place.folder) }
    await expect(build({ ...place.config, env })).rejects.toMatchObject({ code: 'NPM_MISSING' })
  })
})
