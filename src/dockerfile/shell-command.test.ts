import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDockerfile, runCommands, shellCommands } from './index.ts'

const wordsOf = (script: string) =>
  shellCommands(script).map((command) => command.words.map((word) => word.text))

describe('shellCommands', () => {
  const cases: [script: string, words: string[][]][] = [
    [
      'npm ci && npm run build',
      [
        ['npm', 'ci'],
        ['npm', 'run', 'build'],
      ],
    ],
    ['a; b | c || d & e', [['a'], ['b'], ['c'], ['d'], ['e']]],
    ['A=1 B="x y" cmd arg', [['cmd', 'arg']]],
    ['echo \'a && b\' "c; d" e\\ f', [['echo', 'a && b', 'c; d', 'e f']]],
    ['cmd > out 2>&1 < in >>log', [['cmd']]],
    ['cmd &>log && next', [['cmd'], ['next']]],
    ['if [ -f x ]; then npm ci; else yarn; fi', [['[', '-f', 'x', ']'], ['npm', 'ci'], ['yarn']]],
    ['(cd x && make)', [['cd', 'x'], ['make']]],
    [
      'for a in 1 2; do npm i $a; done',
      [
        ['for', 'a', 'in', '1', '2'],
        ['npm', 'i', '$a'],
      ],
    ],
    ['x=$(uname -m) && echo "${x}"', [['uname', '-m'], [], ['echo', '${x}']]],
    [
      'echo `dpkg --print-architecture`',
      [
        ['dpkg', '--print-architecture'],
        ['echo', '`dpkg --print-architecture`'],
      ],
    ],
    ['npm ci # && rm -rf /', [['npm', 'ci']]],
    ['a \\\n  b\nc', [['a', 'b'], ['c']]],
    ['curl $((1+2))x', [['curl', '$((1+2))x']]],
    ['', []],
  ]
  for (const [script, words] of cases)
    it(`of ${JSON.stringify(script)}`, () => expect(wordsOf(script)).toEqual(words))

  it('keeps assignments and operators', () => {
    const [first] = shellCommands('CI=1 npm ci && x')
    expect(first?.assignments.map((word) => word.text)).toEqual(['CI=1'])
    expect(first?.operator).toBe('&&')
  })

  it('reads any text', () => {
    const part = constantFrom(
      'a',
      '"',
      "'",
      '$(',
      ')',
      '${',
      '}',
      '`',
      '\\',
      '\n',
      '&&',
      '|',
      '>',
      '#',
      ' ',
      'é',
    )
    assert(
      property(array(part, { maxLength: 30 }), (parts) => {
        const script = parts.join('')
        for (const { range } of shellCommands(script)) {
          expect(range.start).toBeLessThanOrEqual(range.end)
          expect(range.end).toBeLessThanOrEqual(script.length)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('runCommands', () => {
  const commandsOf = (text: string) => {
    const file = parseDockerfile(`FROM a\n${text}\n`)
    const run = file.instructions[1]
    expect(run?.keyword).toBe('RUN')
    const commands = run?.keyword === 'RUN' ? runCommands(run) : []
    return commands.map(({ range }) => file.text.slice(range.start, range.end))
  }

  it('of every form', () => {
    expect(commandsOf('RUN --network=none npm ci && \\\n  # why\n  x y')).toEqual(['npm ci', 'x y'])
    expect(commandsOf('RUN ["npm", "ci"]')).toEqual(['npm", "ci'])
    expect(commandsOf('RUN ["sh", "-ec", "npm ci && x"]')).toEqual(['npm ci', 'x'])
    expect(commandsOf('RUN <<-EOF\n\tnpm ci\n\tx y\n\tEOF')).toEqual(['npm ci', 'x y'])
  })
})
