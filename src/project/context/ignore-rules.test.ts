/** What is expected here is what a real BuildKit does: test/project/dockerignore.test.ts asks one. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signal, temporaryProject } from '../fixtures/temporary-project.ts'
import { leavingOut, parseIgnoreRules, readIgnoreRules } from './ignore-rules.ts'

const paths = [
  'a',
  'a/b',
  'a/b/c',
  'a/x.md',
  'ab',
  'README.md',
  'docs/README.md',
  'docs/api/x.md',
  'foo',
  'foo/bar',
  'foobar',
  'x/foo',
  'x/foo/y',
  'x/barfoo',
  'x.log',
  'logs/x.log',
  'logs/deep/x.log',
  'a+b',
  '#x',
  '!x',
  'sp ace',
  'Case',
  '[id]',
  '[id]/page.ts',
  'a*b',
  '日本/x',
  '.env',
  '.env.local',
]

function ignored(...patterns: string[]): string[] {
  const rules = parseIgnoreRules(patterns.join('\n'))
  return paths.filter((path) => rules.ignores(path))
}

describe('parseIgnoreRules', () => {
  it.each([
    [['foo'], ['foo', 'foo/bar']],
    [['/foo'], ['foo', 'foo/bar']],
    [['./foo/'], ['foo', 'foo/bar']],
    [['x/../foo'], ['foo', 'foo/bar']],
    [['foo/*'], ['foo/bar']],
    [['foo/**'], ['foo/bar']],
    [['foo**'], ['foo', 'foo/bar', 'foobar']],
    [['**foo'], ['foo', 'foo/bar', 'x/foo', 'x/foo/y', 'x/barfoo']],
    [['**/foo'], ['foo', 'foo/bar', 'x/foo', 'x/foo/y']],
    [['**/foo/**'], ['foo/bar', 'x/foo/y']],
    [['*/foo'], ['x/foo', 'x/foo/y']],
    [['*.log'], ['x.log']],
    [['**/*.log'], ['x.log', 'logs/x.log', 'logs/deep/x.log']],
    [['logs/*.log'], ['logs/x.log']],
    [['logs/**/x.log'], ['logs/x.log', 'logs/deep/x.log']],
    [['a?'], ['ab']],
    [['a?b'], ['a+b', 'a*b']],
    [['a+b'], ['a+b']],
    [['a\\*b'], ['a*b']],
    [['[id]'], []],
    [['\\[id\\]'], ['[id]', '[id]/page.ts']],
    [['[a-b]'], ['a', 'a/b', 'a/b/c', 'a/x.md']],
    [['[^a-z]x'], ['#x', '!x']],
    [['#x'], []],
    [['\\#x'], ['#x']],
    [[' #x'], ['#x']],
    [['\\!x'], ['!x']],
    [['sp ace  '], ['sp ace']],
    [['case'], []],
    [['日本'], ['日本/x']],
    [['.env*'], ['.env', '.env.local']],
    [['.'], []],
    [['/'], []],
    [['..'], []],
    [['', '   ', '\r'], []],
    [['foo\r'], ['foo', 'foo/bar']],
    [['\uFEFFfoo'], ['foo', 'foo/bar']],
    [['*', '!a'], paths.filter((path) => path !== 'a' && !path.startsWith('a/'))],
    [['*', '!a', 'a/b'], paths.filter((path) => !['a', 'a/x.md'].includes(path))],
    [['*', '! a'], paths.filter((path) => path !== 'a' && !path.startsWith('a/'))],
    [
      ['**/*.md', '!README.md'],
      ['a/x.md', 'docs/README.md', 'docs/api/x.md'],
    ],
    [['docs', '!docs/README.md'], ['docs/api/x.md']],
    [
      ['!docs/README.md', 'docs'],
      ['docs/README.md', 'docs/api/x.md'],
    ],
    [
      ['a', '!**/c'],
      ['a', 'a/b', 'a/x.md'],
    ],
  ])('%j ignores %j', (patterns, expected) => {
    expect(ignored(...patterns)).toEqual(expected)
  })

  it.each([
    ['a\\', '.dockerignore:2:1: the pattern a\\ ends with a backslash'],
    ['[', 'has a [class]'],
    ['[]', 'has a [class]'],
    ['[a-]', 'has a [class]'],
    ['[^]', 'has a [class]'],
    ['[z-a]', 'range that runs backwards'],
    ['!', 'names nothing'],
    ['! /', 'names nothing'],
    ['[*]', 'inside [class]'],
    ['\\q', 'no escape'],
  ])('refuses %j', (pattern, message) => {
    const parse = () => parseIgnoreRules(`ok\n${pattern}`)
    expect(parse).toThrow(message)
    expect(parse).toThrow(expect.objectContaining({ code: 'IGNORE_FILE_INVALID', kind: 'usage' }))
  })

  it('takes or refuses any text, and never says that it may skip a folder that holds something', () => {
    const token = fc.constantFrom(
      'a',
      'b',
      '*',
      '**',
      '?',
      '/',
      '!',
      '\\',
      '[',
      ']',
      '-',
      '^',
      '.',
      ' ',
      '\n',
      '#',
    )
    const file = fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join(''))
    const path = fc.array(fc.constantFrom('a', 'b', 'ab', 'a.b'), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(file, path, (text, segments) => {
        let rules
        try {
          rules = parseIgnoreRules(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'IGNORE_FILE_INVALID' })
          return
        }
        const path = segments.join('/')
        if (rules.ignores(path)) return
        for (let depth = 1; depth < segments.length; depth++) {
          const folder = segments.slice(0, depth).join('/')
          expect(rules.ignores(folder) && rules.canSkip(folder)).toBe(false)
        }
      }),
      { numRuns: 5000 },
    )
  })
})

describe('canSkip', () => {
  it.each([
    ['docs', 'docs', true],
    ['docs\n!docs/README.md', 'docs', false],
    ['docs\n!docs/README.md', 'other', true],
    ['*\n!src', 'node_modules', true],
    ['*\n!src/**', 'src', false],
    ['*\n!src*/x', 'srcs/deep', false],
    ['*\n!src*/x', 'tools', true],
    ['*\n!**/*.md', 'anything', false],
    ['*\n!a\\/b', 'a', false],
  ])('%j, folder %s: %s', (text, folder, expected) => {
    expect(parseIgnoreRules(text).canSkip(folder)).toBe(expected)
  })
})

describe('leavingOut', () => {
  const rules = leavingOut(parseIgnoreRules('*.log\n!out/image/kept'), '/w/shop', [
    '/w/shop/out/image',
    '/w/shop/..cache',
    '/w/elsewhere',
    '/w/shop',
  ])

  it.each([
    ['out', true],
    ['out/other', false],
    ['out/image', true],
    ['out/image/blobs/x', true],
    ['out/image2', false],
    ['..cache/x', true],
    ['a.log', true],
    ['src', false],
  ])('%s: %s', (path, expected) => {
    expect(rules.ignores(path)).toBe(expected)
  })

  it('need not walk what is left out, although something is taken in again', () => {
    expect(rules.canSkip('out/image')).toBe(true)
    expect(rules.canSkip('out')).toBe(false)
  })

  it('walks a folder above, unless the rules leave it out', () => {
    const image = ['/w/shop/out/image']
    expect(leavingOut(parseIgnoreRules(''), '/w/shop', image).canSkip('out')).toBe(false)
    expect(leavingOut(parseIgnoreRules('out'), '/w/shop', image).canSkip('out')).toBe(true)
  })
})

describe('readIgnoreRules', () => {
  it('reads .dockerignore, and ignores nothing where there is none', async () => {
    const root = await temporaryProject({ 'with/.dockerignore': '*.log', 'without/x': '' })
    expect((await readIgnoreRules(`${root}/with`, { signal })).ignores('a.log')).toBe(true)
    expect((await readIgnoreRules(`${root}/without`, { signal })).ignores('a.log')).toBe(false)
  })
})
