/**
 * Dockerfiles of many shapes, as teams write them. Each fixture holds the file, its project and what is expected: the optimized
 * text, the changes and what is kept. `UPDATE_FIXTURES=1 npx vitest run optimized-fixtures` writes the expectations anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkFiles } from '../../checks/index.ts'
import { parseDockerfile } from '../../dockerfile/index.ts'
import { optimizeDockerfile, toOptimizeProject } from '../../optimize/index.ts'

const testdata = join(import.meta.dirname, '../../optimize/testdata')
const folder = join(testdata, 'dockerfiles')

interface Fixture {
  file: string
  input: string
  files: Map<string, string>
  level: 'code' | 'packages'
  expected: string
}

function fixtureOf(name: string): Fixture {
  const file = join(folder, name)
  const text = readFileSync(file, 'utf8')
  const [input = '', expected = ''] = text.split(/^-- expected --\n/mu)
  const files = new Map<string, string>()
  for (const part of input.split(/^(?=-- \S+ --\n)/mu)) {
    const [, path = '', content = ''] = /^-- (\S+) --\n([^]*)$/u.exec(part) ?? []
    files.set(path, content)
  }
  const lock = files.get('lock')?.trim()
  const level = files.get('level')?.trim() === 'packages' ? 'packages' : 'code'
  files.delete('lock')
  files.delete('level')
  if (lock) files.set('package-lock.json', readFileSync(join(testdata, 'locks', `${lock}.json`), 'utf8'))
  return { file, input, files, level, expected }
}

function optimized({ files, level }: Fixture, text = files.get('Dockerfile') ?? '') {
  return optimizeDockerfile(text, { level, project: toOptimizeProject(files) })
}

function described(fixture: Fixture): string {
  const { text, changes, kept } = optimized(fixture)
  const lines = [
    ...changes.map(({ rule, what, source }) => `changed ${source.line} ${rule}: ${what}`),
    ...kept.map(({ why, source }) => `kept ${source.line}: ${why}`),
  ]
  return `${text}-- why --\n${lines.join('\n')}\n`
}

/** Findings of the Dockerfile beyond advice. */
function findingsOf(files: ReadonlyMap<string, string>, dockerfile: string): string[] {
  return checkFiles(new Map([...files, ['Dockerfile', dockerfile]]))
    .findings.filter(({ source, severity }) => source.file === 'Dockerfile' && severity !== 'info')
    .map(({ rule, message }) => `${rule}: ${message.replace(/stage \d+/u, 'a stage')}`)
}

describe.each(readdirSync(folder))('%s', (name) => {
  const fixture = fixtureOf(name)
  const before = fixture.files.get('Dockerfile') ?? ''

  it('is rewritten as expected', () => {
    if (process.env.UPDATE_FIXTURES)
      writeFileSync(fixture.file, `${fixture.input}-- expected --\n${described(fixture)}`)
    else expect(described(fixture)).toBe(fixture.expected)
  })

  it('is the same after a second time', () => {
    const { text } = optimized(fixture)
    const again = optimized(fixture, text)
    expect(again.text).toBe(text)
    expect(again.changes).toEqual([])
  })

  it('is a sound Dockerfile with every comment where it was', () => {
    const { text } = optimized(fixture)
    const after = parseDockerfile(text)
    expect(after.problems).toEqual([])
    const comments = after.comments.map((comment) => comment.text)
    expect(comments).toEqual(
      expect.arrayContaining(parseDockerfile(before).comments.map((comment) => comment.text)),
    )
  })

  it('gives our own rules nothing new to say', () => {
    const known = new Set(findingsOf(fixture.files, before))
    const found = findingsOf(fixture.files, optimized(fixture).text)
    expect(found.filter((finding) => !known.has(finding))).toEqual([])
  })
})
