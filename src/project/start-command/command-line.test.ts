import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lastOfChain, parseCommandLine } from './command-line.ts'

describe('parseCommandLine', () => {
  it.each([
    ['node server.js', ['node', 'server.js'], {}],
    ['  node\t\'a b.js\' "c d" e\\ f  ', ['node', 'a b.js', 'c d', 'e f'], {}],
    ['A=1 B="x y" node x', ['node', 'x'], { A: '1', B: 'x y' }],
    ['NODE_OPTIONS=--enable-source-maps node x', ['node', 'x'], { NODE_OPTIONS: '--enable-source-maps' }],
    ['node x A=1', ['node', 'x', 'A=1'], {}],
    ['"A=1" node', ['A=1', 'node'], {}],
    ['node x # comment', ['node', 'x'], {}],
    ['node x#y', ['node', 'x#y'], {}],
    ["node ''", ['node', ''], {}],
    ['node "a\\"b\\$c"', ['node', 'a"b$c'], {}],
    ['node a]b', ['node', 'a]b'], {}],
    ['node 日本.js', ['node', '日本.js'], {}],
  ])('%j', (line, words, env) => {
    expect(parseCommandLine(line)).toEqual({ words, env })
  })

  it.each([
    ['a && b', 'several commands'],
    ['a; b', 'several commands'],
    ['a | b', 'several commands'],
    ['a &', 'several commands'],
    ['a > log', 'a redirection'],
    ['node x --port $PORT', 'a variable'],
    ['node "$X"', 'a variable'],
    ['node `x`', 'the output of a command'],
    ['node $(x)', 'the output of a command'],
    ['node *.js', 'a file pattern'],
    ['(node x)', 'a group of commands'],
    ['! node x', 'a negation'],
    ['node ~/x', 'a home folder'],
    ["node 'x", 'a quotation that is not closed'],
    ['node "x', 'a quotation that is not closed'],
    ['node x\\', 'a quotation that is not closed'],
    ['A=1', 'no command'],
    ['', 'no command'],
  ])('%j needs a shell', (line, construct) => {
    expect(parseCommandLine(line)).toEqual({ construct })
  })

  it('splits like a real shell whatever it accepts', () => {
    const token = fc.constantFrom(
      'a',
      'b=c',
      ' ',
      '  ',
      "'",
      '"',
      '\\',
      '$x',
      '#',
      '-',
      '/',
      'é',
      '!',
      ']',
      '~',
      '=',
      '.',
      ',',
    )
    const lines = fc.array(
      fc
        .array(token, { maxLength: 12 })
        .map((tokens) => tokens.join(''))
        // Of a name that is assigned twice the shell sees two words, and the parsed line has one variable.
        .filter((line) => !/(?:^|\s)(\w+)=.*\s\1=/.test(line)),
      { minLength: 40, maxLength: 40 },
    )
    fc.assert(
      fc.property(lines, (candidates) => {
        const accepted = candidates.flatMap((line) => {
          const parsed = parseCommandLine(line)
          return 'words' in parsed ? [{ line, words: [...Object.keys(parsed.env), ...parsed.words] }] : []
        })
        // The shell's own splitting, one line after another; assignments are compared by their names only.
        const script = accepted
          .map(
            ({ line }) =>
              `set -- ${line.trim()}\nfor word do printf '%s\\0' "$word"; done; printf '\\n\\0'\n`,
          )
          .join('')
        const groups: string[][] = [[]]
        for (const word of execFileSync('sh', ['-c', script], { encoding: 'utf8' })
          .split('\0')
          .slice(0, -1)) {
          if (word === '\n') groups.push([])
          else groups.at(-1)?.push(word)
        }
        accepted.forEach(({ line, words }, index) => {
          const shell = groups[index]?.map((word, at) => (words[at] !== word ? word.split('=')[0] : word))
          expect({ line, words: shell }).toEqual({ line, words })
        })
      }),
      { numRuns: 25 },
    )
  })
})

describe('lastOfChain', () => {
  it('gives the last of several commands', () => {
    expect(lastOfChain('prisma migrate deploy && node dist/main.js')).toBe('node dist/main.js')
    expect(lastOfChain('a; b || c')).toBe('c')
    expect(lastOfChain('node x')).toBeUndefined()
  })
})
