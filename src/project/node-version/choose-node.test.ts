import * as fc from 'fast-check'
import semver from 'semver'
import { describe, expect, it } from 'vitest'
import { signal, temporaryProject } from '../fixtures/temporary-project.ts'
import { parsePackageJson } from '../package-json.ts'
import { chooseNode } from './choose-node.ts'
import { ltsReleases, supportOf } from './node-releases.ts'
import { readNodeWishes } from './read-node-wishes.ts'

const november2026 = new Date('2026-11-23T12:00:00Z')

function choose(...texts: string[]) {
  const names = ['engines', '.nvmrc', '.node-version']
  return chooseNode(
    texts.map((text, index) => ({ text, from: names[index] ?? `wish ${index}` })),
    november2026,
  )
}

describe('node releases', () => {
  it.each([
    ['2025-10-27', 22],
    ['2025-10-28', 24],
    ['2026-10-27', 24],
    ['2026-10-28', 26],
    ['2028-01-01', 27],
  ])('on %s the active LTS is %i', (date, major) => {
    expect(ltsReleases(new Date(date))[0]?.major).toBe(major)
    expect(chooseNode([], new Date(date)).major).toBe(major)
  })

  it('knows how each line stands', () => {
    const at = (major: number) => supportOf(major, november2026)
    expect([12, 18, 20, 22, 24, 25, 26, 27, 40].map(at)).toEqual([
      'ended',
      'ended',
      'ended',
      'lts',
      'lts',
      'ended',
      'lts',
      'unreleased',
      'unknown',
    ])
    expect(supportOf(26, new Date('2026-06-01'))).toBe('current')
  })
})

describe('chooseNode', () => {
  it.each([
    [['>=20'], '26'],
    [['22'], '22'],
    [['v22'], '22'],
    [['22.x'], '22'],
    [['^20.19 || ^22.12 || >=24'], '26'],
    [['>=20 <24'], '22'],
    [['22.11.0'], '22.11.0'],
    [['~22.11'], '22.11'],
    [['22.11'], '22.11'],
    [['>=22 <22.5'], '22.4'],
    [['>=22.5.0 <22.5.3'], '22.5.2'],
    [['>22.5.3 <22.5.5'], '22.5.4'],
    [['>=24.10'], '26'],
    [['*'], '26'],
    [['lts/*'], '26'],
    [['lts/-1'], '24'],
    [['lts/Jod'], '22'],
    [['node'], '26'],
    [['>=20', '22'], '22'],
    [['>=20', '22.3.0'], '22.3.0'],
    [['>=20', 'lts/krypton', '24.1.0'], '24.1.0'],
    [['>=31'], '31'],
  ])('%j gives Node %s', (texts, version) => {
    const choice = choose(...texts)
    expect(choice).toMatchObject({ version, major: semver.coerce(version)?.major, findings: [] })
  })

  it('says why', () => {
    expect(choose('>=20', '22').reason).toBe('engines says >=20, .nvmrc says 22')
    expect(choose().reason).toBe('the active LTS; nothing in the project asks for another')
  })

  it('warns of a line that has ended, and of one that is not released', () => {
    expect(choose('18').findings).toMatchObject([
      {
        rule: 'project/node-end-of-life',
        severity: 'warning',
        message: 'Node 18 reached its end of life on 2025-04-30 and gets no security fixes',
        hint: 'Node 26 is the active LTS',
      },
    ])
    expect(choose('14').findings[0]?.message).toBe(
      'Node 14 reached its end of life and gets no security fixes',
    )
    expect(choose('27').findings[0]).toMatchObject({ rule: 'project/node-unreleased' })
  })

  it('takes an ended line only when nothing supported will do', () => {
    expect(choose('>=18 <23').version).toBe('22')
    expect(choose('>=18 <22').version).toBe('21')
  })

  it('lets the stronger wish win and warns of the other', () => {
    const choice = choose('>=24', '22', '26')
    expect(choice.version).toBe('26')
    expect(choice.findings).toMatchObject([
      {
        rule: 'project/node-version-conflict',
        message: '.nvmrc asks for Node 22, but engines says >=24: the latter counts',
      },
    ])
  })

  it('passes over a name that means the machine itself', () => {
    expect(choose('>=22', 'system')).toMatchObject({
      version: '26',
      findings: [{ rule: 'project/node-version-unusable', severity: 'info' }],
    })
  })

  it.each(['twenty', 'lts/nothing', 'lts/-9', '>=22 <21', '22..1'])('refuses %j', (text) => {
    expect(() => choose(text)).toThrow(expect.objectContaining({ code: 'NODE_VERSION_UNKNOWN' }))
  })

  it('gives a version that fulfils every wish it names', () => {
    const bound = fc.record({ major: fc.integer({ min: 16, max: 28 }), minor: fc.nat(20), patch: fc.nat(5) })
    const comparator = fc.constantFrom('>=', '<', '>', '<=', '~', '^', '')
    const wish = fc
      .tuple(comparator, bound)
      .map(([sign, { major, minor, patch }]) => `${sign}${major}.${minor}.${patch}`)
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 3 }), (texts) => {
        const choice = choose(...texts)
        const [major, minor = 99_999, patch = 99_999] = choice.version.split('.').map(Number)
        const overruled = choice.findings.filter(
          ({ rule }) => rule === 'project/node-version-conflict',
        ).length
        const fulfilled = texts.filter((text) => semver.satisfies(`${major}.${minor}.${patch}`, text)).length
        expect(fulfilled).toBeGreaterThanOrEqual(texts.length - overruled)
      }),
    )
  })
})

describe('readNodeWishes', () => {
  it('reads every place, the strongest first', async () => {
    const root = await temporaryProject({
      '.nvmrc': '# why\n\nv22 # not 24\n',
      '.node-version': '\uFEFF22.3.0\r\n',
      '.tool-versions': 'python 3.12\nnodejs 22.11.0 system\n',
      'packages/api/.nvmrc': '24',
    })
    const packages = [
      parsePackageJson('{"engines": {"node": ">=22"}}', 'packages/api/package.json'),
      parsePackageJson('{"engines": {"node": ">=20"}, "volta": {"node": "22.1.0"}}', 'package.json'),
    ]
    expect(await readNodeWishes(root, packages, { signal })).toEqual([
      { from: 'packages/api/package.json engines.node', text: '>=22' },
      { from: 'package.json engines.node', text: '>=20' },
      { from: 'packages/api/.nvmrc', text: '24' },
      { from: '.nvmrc', text: 'v22' },
      { from: '.node-version', text: '22.3.0' },
      { from: '.tool-versions', text: '22.11.0' },
      { from: 'package.json volta.node', text: '22.1.0' },
    ])
  })

  it('finds nothing in a project that says nothing', async () => {
    const root = await temporaryProject({ '.nvmrc': '\n# only a comment\n' })
    expect(await readNodeWishes(root, [parsePackageJson('{}', 'package.json')], { signal })).toEqual([])
  })
})
