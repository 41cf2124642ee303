import { describe, expect, it } from 'vitest'
import { planLifecycleScripts } from './lifecycle-scripts.ts'
import { parsePackageJson } from './package-json.ts'

const parse = (scripts: object) => parsePackageJson(JSON.stringify({ scripts }), 'package.json')
const plan = (scripts: object) => planLifecycleScripts(parse(scripts))

describe('planLifecycleScripts', () => {
  it('runs what npm would run, in its order', () => {
    const { run, skipped, mayChangeDependencies, findings } = plan({
      prepare: 'node tools/prepare.js',
      postinstall: 'patch-package && prisma generate',
      preinstall: 'node check.js',
      postprepare: 'echo done',
      build: 'tsc',
      start: 'node x',
      install: ' ',
    })
    expect(run).toEqual([
      { event: 'preinstall', command: 'node check.js', folder: '' },
      { event: 'postinstall', command: 'patch-package && prisma generate', folder: '' },
      { event: 'prepare', command: 'node tools/prepare.js', folder: '' },
      { event: 'postprepare', command: 'echo done', folder: '' },
    ])
    expect([skipped, mayChangeDependencies, findings]).toEqual([[], true, []])
  })

  it.each([
    ['prepare', 'husky'],
    ['prepare', 'husky install'],
    ['prepare', 'husky install .config/husky'],
    ['prepare', 'husky || true'],
    ['postinstall', 'is-ci || husky install'],
    ['prepare', 'lefthook install'],
    ['postinstall', 'npx simple-git-hooks'],
    ['preinstall', 'npx only-allow npm'],
  ])('skips %s: %s, and says so', (event, command) => {
    const { run, skipped, mayChangeDependencies, findings } = plan({ [event]: command })
    expect(run).toEqual([])
    expect(skipped).toMatchObject([{ event, command }])
    expect(mayChangeDependencies).toBe(false)
    expect(findings).toMatchObject([{ rule: 'project/lifecycle-script-skipped', severity: 'info' }])
  })

  it.each(['husky && npm run codegen', 'husky-init', 'patch-package; husky install', 'echo husky'])(
    'never skips a part of a longer command: %s',
    (prepare) => {
      const { run, env } = plan({ prepare })
      expect(run).toHaveLength(1)
      expect(env.HUSKY).toBe('0')
    },
  )

  it('builds once', () => {
    expect(plan({ prepare: 'npm run build', build: 'tsc' }).skipped).toMatchObject([
      { reason: 'it is the build, which runs once' },
    ])
    expect(plan({ prepare: 'tsc', build: 'tsc' }).run).toEqual([])
    expect(plan({ prepare: 'npm run build' }).run).toHaveLength(1)
    expect(plan({ postinstall: 'npm run build', build: 'tsc' }).run).toHaveLength(1)
  })

  it('warns of machine code', () => {
    expect(plan({ postinstall: 'npm rebuild better-sqlite3' }).findings).toMatchObject([
      { rule: 'project/lifecycle-script-compiles', severity: 'warning' },
    ])
  })

  it('warns of an addon that npm would compile without being told by a script', () => {
    const rules = (document: object, folders = ['']) =>
      planLifecycleScripts(
        parsePackageJson(JSON.stringify(document), 'package.json'),
        [],
        new Set(folders),
      ).findings.map(({ message }) => message)
    expect(rules({})).toEqual([expect.stringContaining('binding.gyp is not compiled')])
    expect(rules({}, [])).toEqual([])
    expect(rules({ gypfile: false })).toEqual([])
    expect(rules({ scripts: { install: 'node-gyp rebuild' } })).toHaveLength(1)
  })

  it('runs scripts of linked workspaces before those of the root', () => {
    const linked = [{ folder: 'packages/db', packageJson: parse({ postinstall: 'prisma generate' }) }]
    const { run } = planLifecycleScripts(parse({ postinstall: 'patch-package' }), linked)
    expect(run.map(({ folder, command }) => [folder, command])).toEqual([
      ['packages/db', 'prisma generate'],
      ['', 'patch-package'],
    ])
  })
})
