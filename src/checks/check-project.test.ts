import { describe, expect, it } from 'vitest'
import {
  type CheckFinding,
  ChecksError,
  checkFiles,
  fixFiles,
  parseBaseline,
  toBaseline,
  toProjectFile,
} from './index.ts'

const files = (entries: Record<string, string>) => new Map(Object.entries(entries))
const rulesOf = (findings: readonly CheckFinding[]) => findings.map(({ rule }) => rule)
const rootService = 'FROM node:22-slim\nCMD node server.js\n'

describe('checkFiles', () => {
  it('reads only files that it has rules for', () => {
    const report = checkFiles(files({ 'README.md': '{{', 'src/x.ts': 'FROM', Dockerfile: 'FROM a\n' }))
    expect(report.files).toBe(1)
    expect(report.findings).toEqual([])
  })

  it('is silent about an empty project and empty files', () => {
    expect(checkFiles(files({})).findings).toEqual([])
    const empty = checkFiles(
      files({ Dockerfile: '', '.github/workflows/a.yml': '', 'compose.yaml': '', 'package.json': '' }),
    )
    expect(rulesOf(empty.findings)).toEqual(['dockerfile/does-not-parse', 'package/does-not-parse'])
  })

  it('orders by file and place', () => {
    const report = checkFiles(files({ 'b.Dockerfile': rootService, 'a.Dockerfile': rootService }))
    expect(report.findings.map(({ source }) => `${source.file}:${source.line}`)).toEqual([
      'a.Dockerfile:1',
      'a.Dockerfile:2',
      'b.Dockerfile:1',
      'b.Dockerfile:2',
    ])
  })

  it('says that an emulated install is repeated where everything is copied before it', () => {
    const dockerfile = (copy: string) => `FROM node:22-slim\nWORKDIR /app\n${copy}\nRUN npm ci\nUSER node\n`
    const messageOf = (copy: string) =>
      checkFiles(new Map([['Dockerfile', dockerfile(copy)]])).findings.find(
        ({ rule }) => rule === 'dockerfile/emulated-install',
      )?.message
    expect(messageOf('COPY . .')).toContain('again after every change of a source')
    for (const copy of ['COPY package*.json ./', 'COPY --from=node:22 . .'])
      expect(messageOf(copy)).toMatch(/emulated$/)
  })

  it('says which files it skipped', () => {
    const report = checkFiles(
      files({
        'chart/templates/compose.yaml': 'services:\n  {{ range .Values.x }}\n',
        Dockerfile: `FROM a\n#${'x'.repeat(11 * 1024 * 1024)}`,
      }),
    )
    expect(report.skipped.map(({ file }) => file)).toEqual(['Dockerfile', 'chart/templates/compose.yaml'])
  })

  it('reads Windows line ends, tabs and byte order marks, and keeps them in what it fixes', () => {
    const text = '\uFEFFFROM node:22-slim\r\nUSER node\r\n\tARG TARGETARCH=amd64\t# why\r\nCMD ["node"]\r\n'
    expect(fixFiles(files({ Dockerfile: text })).changed.get('Dockerfile')).toBe(text.replace('=amd64', ''))
  })
})

describe('ignoring', () => {
  const shellForm = 'dockerfile/shell-form-start'

  it('by a comment before the instruction, inside it, or for the file', () => {
    for (const text of [
      `FROM node:22\nUSER node\n# everyarch-ignore ${shellForm} the wrapper needs it\n\nCMD node x\n`,
      `FROM node:22\nUSER node\nCMD node \\\n  # everyarch-ignore ${shellForm} the wrapper needs it\n  x\n`,
      `# everyarch-ignore-file ${shellForm} the wrapper needs it\nFROM node:22\nUSER node\nCMD node x\n`,
    ]) {
      const report = checkFiles(files({ Dockerfile: text }))
      expect(report.findings).toEqual([])
      expect(report.ignored.map(({ by, reason }) => [by, reason])).toEqual([
        ['comment', 'the wrapper needs it'],
      ])
    }
  })

  it('not without a reason, for another rule, or for another instruction', () => {
    for (const comment of [
      `everyarch-ignore ${shellForm}`,
      'everyarch-ignore dockerfile/root-user because',
    ]) {
      const report = checkFiles(files({ Dockerfile: `FROM node:22\nUSER node\n# ${comment}\nCMD node x\n` }))
      expect(rulesOf(report.findings)).toEqual([shellForm])
    }
    const elsewhere = `FROM node:22\n# everyarch-ignore ${shellForm} because\nUSER node\nCMD node x\n`
    expect(rulesOf(checkFiles(files({ Dockerfile: elsewhere })).findings)).toEqual([shellForm])
  })

  it('by a comment in YAML: for the line, or for the block below it', () => {
    const workflow = (before: string, after: string) =>
      `on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n${before}      - name: x\n        uses: actions/checkout@v2${after}\n`
    const path = '.github/workflows/a.yml'
    const ignore = 'everyarch-ignore workflow/retired-action an old runner'
    expect(checkFiles(files({ [path]: workflow(`      # ${ignore}\n`, '') })).findings).toEqual([])
    expect(checkFiles(files({ [path]: workflow('', ` # ${ignore}`) })).findings).toEqual([])
    expect(checkFiles(files({ [path]: workflow('', '') })).findings).toHaveLength(1)
  })

  it('by configuration', () => {
    const project = files({ 'a/Dockerfile': rootService, 'b/Dockerfile': rootService })
    const ignore = [{ rule: 'dockerfile/root-user', path: 'a/**', reason: 'legacy' }]
    const report = checkFiles(project, { ignore })
    expect(report.ignored).toHaveLength(1)
    expect(rulesOf(report.findings)).toEqual([shellForm, 'dockerfile/root-user', shellForm])
  })

  it('by a baseline: what was there, as often as it was there, wherever its lines moved', () => {
    const before = files({ Dockerfile: rootService })
    const texts = new Map([...before].map(([path, text]) => [path, toProjectFile(path, text)]))
    const written = JSON.stringify(toBaseline(checkFiles(before).findings, texts))
    const baseline = parseBaseline(written, 'baseline.json')
    const moved = files({ Dockerfile: `# moved\n\n${rootService}` })
    expect(checkFiles(moved, { baseline }).findings).toEqual([])
    const grown = files({ Dockerfile: rootService, 'new/Dockerfile': rootService })
    expect(checkFiles(grown, { baseline }).findings.map(({ source }) => source.file)).toEqual([
      'new/Dockerfile',
      'new/Dockerfile',
    ])
  })

  it('refuses what is no baseline', () => {
    for (const text of ['', '[]', '{}', '{"version":2,"findings":[]}', '{"version":1,"findings":[{}]}']) {
      expect(() => parseBaseline(text, 'b.json')).toThrow(ChecksError)
    }
  })
})

describe('platforms', () => {
  const dockerfile =
    'FROM node:22-slim AS s-amd64\nFROM node:22-slim AS s-arm64\nFROM s-$TARGETARCH\nUSER node\n'

  it('come from the configuration where no build names them', () => {
    expect(checkFiles(files({ Dockerfile: dockerfile })).findings).toEqual([])
    const report = checkFiles(files({ Dockerfile: dockerfile }), {
      platforms: ['linux/amd64', 'linux/s390x'],
    })
    expect(report.findings.map(({ rule, platform }) => [rule, platform])).toEqual([
      ['dockerfile/missing-platform-stage', 'linux/s390x'],
    ])
  })

  it('come from the build that uses the file', () => {
    const bake = 'target "x" { platforms = ["linux/riscv64"] }\n'
    const report = checkFiles(files({ Dockerfile: dockerfile, 'docker-bake.hcl': bake }))
    expect(report.findings.map(({ platform }) => platform)).toEqual(['linux/riscv64'])
  })
})
