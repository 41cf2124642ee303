import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits, type TextRange } from '../base/index.ts'
import { type Dockerfile, flagOf, type Instruction, mountField, parseDockerfile } from './index.ts'

const at = (file: Dockerfile, range: TextRange) => file.text.slice(range.start, range.end)

function only<K extends Instruction['keyword']>(file: Dockerfile, keyword: K): Instruction & { keyword: K } {
  const found = file.instructions.find((instruction) => instruction.keyword === keyword)
  expect(found).toBeDefined()
  return found as Instruction & { keyword: K }
}

describe('positions', () => {
  const text = [
    '\uFEFF# syntax=docker/dockerfile:1\r',
    'ARG NODE=22\r',
    'FROM --platform=$BUILDPLATFORM node:${NODE}-slim AS Build\r',
    'RUN --mount=type=cache,id=npm,target=/root/.npm \\\r',
    '    # the lock decides\r',
    '\tnpm ci \\\r',
    '      --omit=dev && npm run build\r',
    'COPY --from=Build --chown=node:node ["a b", "c"]\r',
    'ENV A=1 "B C"=\'x y\'\r',
    '',
  ].join('\n')
  const file = parseDockerfile(text)

  it('finds no problem', () => {
    expect(file.problems).toEqual([])
    expect(file.instructions.map((instruction) => instruction.keyword)).toEqual([
      'ARG',
      'FROM',
      'RUN',
      'COPY',
      'ENV',
    ])
  })

  it('of FROM', () => {
    const from = only(file, 'FROM')
    expect(at(file, from.image.range)).toBe('node:${NODE}-slim')
    expect(at(file, from.platform?.valueRange as TextRange)).toBe('$BUILDPLATFORM')
    expect(at(file, from.alias?.range as TextRange)).toBe('Build')
    expect(file.stages[0]?.name).toBe('build')
    expect(file.lines.position(from.image.range.start)).toEqual({ line: 3, column: 32 })
  })

  it('of a RUN over several lines', () => {
    const run = only(file, 'RUN')
    expect(at(file, run.range)).toMatch(/^RUN[^]*npm run build$/)
    const words = run.body.text.trim().split(/\s+/)
    expect(words).toEqual(['npm', 'ci', '--omit=dev', '&&', 'npm', 'run', 'build'])
    const omit = run.body.text.indexOf('--omit')
    expect(at(file, run.body.range(omit, omit + 10))).toBe('--omit=dev')
    const mount = run.mounts[0]
    expect(mount && at(file, mountField(mount, 'target', 'dst')?.valueRange as TextRange)).toBe('/root/.npm')
    expect(mount && at(file, mountField(mount, 'id')?.range as TextRange)).toBe('id=npm')
  })

  it('of COPY in JSON form and ENV', () => {
    const copy = only(file, 'COPY')
    expect(copy.sources.map((word) => at(file, word.range))).toEqual(['a b'])
    expect(copy.destination.text).toBe('c')
    expect(flagOf(copy, 'chown')?.value).toBe('node:node')
    const env = only(file, 'ENV')
    expect(env.pairs.map(({ value }) => value && at(file, value.range))).toEqual(['1', "'x y'"])
  })

  it('of comments', () => {
    expect(file.comments.map((comment) => comment.text)).toEqual([
      'syntax=docker/dockerfile:1',
      'the lock decides',
    ])
    expect(file.directives[0]?.value).toBe('docker/dockerfile:1')
  })
})

describe('COPY in JSON form', () => {
  it('takes the last element as the destination', () => {
    const copy = only(parseDockerfile('FROM a\nCOPY --link ["x", "y z", "/d"]\n'), 'COPY')
    expect(copy.sources.map((word) => word.text)).toEqual(['x', 'y z'])
    expect(copy.destination.text).toBe('/d')
  })
})

describe('here-documents', () => {
  it('keep their content and end the instruction', () => {
    const text = "FROM a\nRUN <<-EOF sh <<'B'\n\techo $x\n\tEOF\nbody\nB\nUSER x\n"
    const file = parseDockerfile(text)
    const run = only(file, 'RUN')
    expect(run.heredocs.map(({ name, expand, content }) => ({ name, expand, content }))).toEqual([
      { name: 'EOF', expand: true, content: 'echo $x\n' },
      { name: 'B', expand: false, content: 'body\n' },
    ])
    expect(at(file, run.range)).toBe(text.slice(7, text.indexOf('\nUSER')))
  })

  it('belong to the trigger of ONBUILD too', () => {
    const file = parseDockerfile('FROM a\nONBUILD RUN <<E\nx\nE\nUSER y\n')
    const onbuild = only(file, 'ONBUILD')
    expect(onbuild.trigger.heredocs[0]?.content).toBe('x\n')
    expect(file.instructions.at(-1)?.keyword).toBe('USER')
  })
})

describe('problems', () => {
  const cases: [name: string, text: string, line: number, underlined: string, message: RegExp][] = [
    ['unknown instruction', 'FROM a\nRUNN x\n', 2, 'RUNN', /RUNN is not an instruction/],
    ['missing argument', 'FROM a\nRUN\n', 2, 'RUN', /RUN has no argument/],
    ['AS without a name', 'FROM a AS\n', 1, 'FROM a AS', /one or three words/],
    ['flag', 'FROM a\nCOPY --form=b x y\n', 2, '--form=b', /no flag --form/],
    [
      'mount type',
      'FROM a\nRUN --mount=type=cash,target=/x y\n',
      2,
      '--mount=type=cash,target=/x',
      /cash is not/,
    ],
    ['ENV without value', 'FROM a\nENV A=1 B\n', 2, 'B', /B has no value/],
    ['unterminated here-document', 'FROM a\nRUN <<E\nx\n', 2, 'RUN <<E', /does not end/],
    ['instruction before FROM', 'USER x\nFROM a\n', 1, 'USER x', /before the first FROM/],
  ]
  for (const [name, text, line, underlined, message] of cases) {
    it(`of ${name}`, () => {
      const file = parseDockerfile(text)
      const [problem] = file.problems
      expect(problem?.message).toMatch(message)
      expect(problem && file.lines.position(problem.range.start).line).toBe(line)
      expect(problem && at(file, problem.range)).toBe(underlined)
      expect(problem?.expected).toBeTruthy()
    })
  }

  it('leave the rest of the file readable', () => {
    const file = parseDockerfile('FROM a\nOOPS x\nCOPY one\nUSER y\n')
    expect(file.problems).toHaveLength(2)
    expect(only(file, 'USER').words[0]?.text).toBe('y')
  })
})

describe('any text', () => {
  const fragment = constantFrom(
    'FROM a',
    'RUN x \\',
    '# c',
    '"',
    "'",
    '<<E',
    'E',
    '\n',
    '\r\n',
    '\t',
    ' ',
    '\\',
    '--mount=type=cache,target=/x',
    'COPY --from=0 [“',
    '["a"]',
    'ENV a=${b:-',
    '}',
    'ONBUILD ',
    '# escape=`\n',
    '`',
    'ü',
  )
  const files = array(fragment, { maxLength: 40 }).map((parts) => parts.join(''))

  it('parses without throwing, with every range inside the text and in order', () => {
    assert(
      property(files, (text) => {
        const file = parseDockerfile(text)
        let end = 0
        for (const { range, keywordRange, keyword } of file.instructions) {
          expect(range.start).toBeGreaterThanOrEqual(end)
          expect(range.end).toBeLessThanOrEqual(text.length)
          expect(
            at(file, keywordRange)
              .replace(/\\[ \t]*\r?\n/g, '')
              .toUpperCase(),
          ).toContain(keyword[0])
          end = range.end
        }
        for (const { range } of file.problems) expect(range.end).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 500 },
    )
  })

  it('is unchanged by an edit that writes back what is there', () => {
    assert(
      property(files, (text) => {
        const edits = parseDockerfile(text).instructions.map(({ range }) => ({
          ...range,
          text: text.slice(range.start, range.end),
        }))
        expect(applyEdits(text, edits)).toBe(text)
      }),
    )
  })
})
