/** Every rule against its own fixtures and its own page. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type CheckFinding,
  type CheckOptions,
  checkFiles,
  fileKindOf,
  fixFiles,
  type Rule,
  ruleAreas,
  rules,
} from './index.ts'
import { parseFixture } from './testdata/archive.ts'

const folderOf = (rule: Rule) => join(import.meta.dirname, 'rules', rule.id)

function fixturesOf(rule: Rule, kind: 'bad' | 'good'): [name: string, text: string][] {
  const folder = join(folderOf(rule), 'testdata', kind)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')])
}

/** The fenced blocks of a section: `dockerfile Dockerfile` after the fence is language and path. */
function blocksOf(page: string, section: string): Map<string, string> {
  const start = page.indexOf(`\n## ${section}\n`)
  const end = page.indexOf('\n## ', start + 1)
  const text = start === -1 ? '' : page.slice(start, end === -1 ? undefined : end)
  const fences = text.matchAll(/^```\w+ (\S+)\n([^]*?)^```$/gm)
  return new Map([...fences].map((match) => [match[1] as string, match[2] as string]))
}

/** `file:line:column-endColumn`, with `endLine:` when the range ends on another line. */
function placeOf({ source }: CheckFinding): string {
  const end = source.endLine === source.line ? source.endColumn : `${source.endLine}:${source.endColumn}`
  return `${source.file}:${source.line}:${source.column}-${end}`
}

/** Files, with what `online.json` among them says that base images offer, and everyarch.config.json of platforms. */
function check(files: Map<string, string>) {
  return checkFiles(...projectOf(files))
}

function projectOf(files: Map<string, string>): [Map<string, string>, CheckOptions] {
  const online = files.get('online.json')
  const offered = online === undefined ? {} : (JSON.parse(online) as Record<string, string[]>)
  const configuration = files.get('everyarch.config.json')
  const asked = configuration === undefined ? {} : (JSON.parse(configuration) as { platforms: string[] })
  const others = [...files].filter(([path]) => !isSetting(path))
  return [new Map(others), { basePlatforms: new Map(Object.entries(offered)), ...asked }]
}

/** What a test is told beside the files of the project. */
const isSetting = (path: string) => ['online.json', 'everyarch.config.json'].includes(path)

/** The same files as other editors write them. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  'Windows line ends': (text) => text.replaceAll('\n', '\r\n'),
  'a byte order mark': (text) => `\uFEFF${text}`,
  both: (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`,
}

const rulesOf = (findings: readonly CheckFinding[]) => [...new Set(findings.map((finding) => finding.rule))]
const described = (findings: readonly CheckFinding[]) =>
  findings.map((finding) => `${placeOf(finding)} ${finding.rule} ${finding.message}`)

describe('the list of rules', () => {
  it('is generated from the folders', () => {
    const script = resolve(import.meta.dirname, '../../scripts/rules-index.mjs')
    expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow()
  })

  it('has well-formed, unique ids', () => {
    const ids = rules.map((rule) => rule.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(new RegExp(`^(${ruleAreas.join('|')})/[a-z0-9]+(-[a-z0-9]+)*$`))
  })
})

for (const rule of rules) {
  describe(`rule ${rule.id}`, () => {
    const page = readFileSync(join(folderOf(rule), 'rule.md'), 'utf8')

    it('has a page that says what the rule says', () => {
      expect(page.startsWith(`# ${rule.id}\n\n${rule.summary}\n\n## Why\n`)).toBe(true)
      const headings = [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1])
      expect(headings).toEqual(['Why', 'Bad', 'Good', 'Fix', 'When not'])
    })

    it('fires on the bad example of its page, and on nothing else there', () => {
      const files = blocksOf(page, 'Bad')
      expect(files.size).toBeGreaterThan(0)
      for (const path of projectOf(files)[0].keys())
        expect([path, fileKindOf(path)]).not.toEqual([path, undefined])
      expect(rulesOf(check(files).findings)).toEqual([rule.id])
    })

    it('is silent, as all rules are, on the good example', () => {
      const files = blocksOf(page, 'Good')
      expect(files.size).toBeGreaterThan(0)
      expect(described(check(files).findings)).toEqual([])
    })

    it('has fixtures', () => {
      expect(fixturesOf(rule, 'bad').length).toBeGreaterThan(0)
      expect(fixturesOf(rule, 'good').length).toBeGreaterThan(0)
    })

    for (const [name, text] of fixturesOf(rule, 'bad')) {
      it(`fires where bad/${name} says, alone`, () => {
        const { files, findings } = parseFixture(text)
        const report = check(files)
        expect(report.findings.map(placeOf)).toEqual(findings)
        expect(rulesOf(report.findings)).toEqual([rule.id])
      })

      it(`fixes bad/${name} and changes nothing else`, () => {
        const { files, fixed } = parseFixture(text)
        const report = fixFiles(...projectOf(files))
        expect(Object.fromEntries(report.changed)).toEqual(Object.fromEntries(fixed))
        const after = new Map([...files, ...report.changed])
        expect(fixFiles(...projectOf(after)).changed.size).toBe(0)
        expect(report.report.findings.filter((finding) => finding.fix?.automatic)).toEqual([])
      })
    }

    for (const [name, text] of fixturesOf(rule, 'bad')) {
      it.each(Object.entries(spellings))(`fixes bad/${name} byte for byte with %s, once`, (_, spell) => {
        const { files, fixed } = parseFixture(text)
        const spelt = (map: ReadonlyMap<string, string>) =>
          new Map([...map].map(([path, own]) => [path, isSetting(path) ? own : spell(own)]))
        const before = spelt(files)
        const { changed } = fixFiles(...projectOf(before))
        expect(Object.fromEntries(changed)).toEqual(Object.fromEntries(spelt(fixed)))
        expect(fixFiles(...projectOf(new Map([...before, ...changed]))).changed.size).toBe(0)
      })
    }

    for (const [name, text] of fixturesOf(rule, 'good')) {
      it(`is silent on good/${name}`, () => {
        expect(described(check(parseFixture(text).files).findings)).toEqual([])
      })
    }
  })
}
