/** Our .dockerignore rules against a real BuildKit: the same trees, the same patterns, the same files and folders taken. */
import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseIgnoreRules, readIgnoreRules, walkContext } from '../../src/project/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'

const signal = new AbortController().signal

const files = [
  'a',
  'b/c/d',
  'b/c.md',
  'b/x',
  'ab',
  'README.md',
  'docs/README.md',
  'docs/api/x.md',
  'docs/api/y/z.md',
  'foo/bar',
  'foobar',
  'x/foo/y',
  'x/barfoo',
  'x.log',
  'logs/x.log',
  'logs/deep/x.log',
  'a+b',
  'a^b',
  '#x',
  '!x',
  'sp ace',
  'Case',
  '[id]/page.ts',
  'a*b',
  'a(b){c}|$',
  '日本/語',
  '😀',
  '.env',
  '.env.local',
  '.git/HEAD',
  'node_modules/p/README.md',
  'p/node_modules/q/i.js',
  'back\\slash',
  'new\nline',
]
const folders = ['empty', 'docs/empty', 'node_modules/empty']

const written: readonly string[] = [
  'foo',
  '/foo',
  './foo/',
  'foo/',
  '//foo',
  'x/../foo',
  'foo/*',
  'foo/**',
  'foo**',
  '**foo',
  '**/foo',
  '**/foo/**',
  '*/foo',
  '**/foo/*',
  '*.log',
  '**/*.log',
  'logs/*.log',
  'logs/**/x.log',
  'logs**x.log',
  '**/**/x.log',
  '**/deep/**',
  '***',
  '*',
  '**',
  '**/',
  '/',
  '.',
  '..',
  '../x',
  'a?',
  'a?b',
  '?',
  '??',
  'a+b',
  'a^b',
  'a^*',
  'a\\*b',
  'a\\+b',
  'a(b){c}|$',
  '*$',
  '[id]',
  '\\[id\\]',
  '\\[id]',
  '[a-b]',
  '[^a-z]x',
  '[!x]x',
  '[a\\-]b',
  '[]',
  '#x',
  '\\#x',
  ' #x',
  '\\!x',
  '  foo  ',
  'sp ace',
  'sp\\ ace',
  'case',
  'Case',
  '日本',
  '日*',
  '?本',
  '\u{1F600}',
  '?',
  '.env*',
  '.*',
  '**/.*',
  'foo\r\na\r',
  '\uFEFFfoo\na',
  'back\\\\slash',
  'new?line',
  '**line',
  'n*',
  'b/**/d',
  'b/*/d',
  'b/c',
  'b/c*',
  '*\n!a',
  '*\n!b',
  '*\n!b/c',
  '*\n!b/c/d',
  '*\n! a',
  '*\n!b\nb/x',
  '*\n!b\nb/c\n!b/c/d',
  '**\n!docs',
  '**\n!docs/*',
  '**\n!docs/**',
  '**\n!**/*.md',
  'docs\n!docs/README.md',
  '!docs/README.md\ndocs',
  'docs\n!docs/api',
  'docs/**\n!docs/api/x.md',
  'docs/*\n!docs/api',
  '**/*.md\n!README.md',
  '**/*.md\n!**/README.md',
  'node_modules\n!node_modules/p/README.md',
  '**/node_modules',
  '**/node_modules\n!p/node_modules/q',
  '*/\n!x/',
  'b\n!b/c\nb/c/d',
  'b/c\n!b\nb/x',
  'b\n!**/d',
  'b\n!*/c',
  'b\n!?/x',
  '.dockerignore',
  '*\n!.dockerignore',
  'empty',
  'docs/empty\n!docs',
  '*\n!*/',
  '*\n!*.md\n!docs\ndocs/api',
  'x\n!x/foo/**',
  '\\',
  'a\\',
  '!\\!x\nfoo',
  '*\n!\\!x',
]

const refused: readonly string[] = ['a\\', '[', '[]', '[a-]', '[^]', '!', 'x[', '[z-a]', '\\q*']

/** Short files over an alphabet in which patterns, exceptions and names of the tree meet often. */
const random = fc
  .array(
    fc
      .array(
        fc.constantFrom('*', '**', '/', 'b', 'c', 'd', 'foo', 'x', 'docs', 'api', '?', '.md', '[a-d]', 'a'),
        { minLength: 1, maxLength: 5 },
      )
      .chain((tokens) => fc.constantFrom('', '', '!').map((sign) => sign + tokens.join(''))),
    { minLength: 1, maxLength: 4 },
  )
  .map((lines) => lines.join('\n'))

function isAccepted(text: string): boolean {
  try {
    parseIgnoreRules(text)
    return true
  } catch {
    return false
  }
}

describeWith(['docker'], '.dockerignore', () => {
  let docker: Docker
  let work: string

  beforeAll(async () => {
    docker = await startDocker()
    work = await mkdtemp(join(tmpdir(), 'everyarch-dockerignore-'))
    for (const file of files) {
      await mkdir(dirname(join(work, 'tree', file)), { recursive: true })
      await writeFile(join(work, 'tree', file), '')
    }
    for (const folder of folders) await mkdir(join(work, 'tree', folder), { recursive: true })
  })

  afterAll(async () => {
    await docker?.stop()
    await rm(work, { recursive: true, force: true })
  })

  /** One build that copies every context; each context is the tree with one of the ignore files. */
  async function build(texts: readonly string[], name: string): Promise<string> {
    const home = join(work, name)
    const contexts: string[] = []
    for (const [index, text] of texts.entries()) {
      await cp(join(work, 'tree'), join(home, `c${index}`), { recursive: true })
      await writeFile(join(home, `c${index}`, '.dockerignore'), text)
      contexts.push('--build-context', `c${index}=${join(home, `c${index}`)}`)
    }
    const copies = texts.map((_, index) => `COPY --from=c${index} / /c${index}/`)
    await mkdir(join(home, 'main'))
    await writeFile(join(home, 'main/Dockerfile'), `FROM scratch\n${copies.join('\n')}\n`)
    const output = join(home, 'out')
    await docker.docker([
      'buildx',
      'build',
      '--output',
      `type=local,dest=${output}`,
      ...contexts,
      join(home, 'main'),
    ])
    return home
  }

  /** What differs: for each ignore file, paths that only one of the two takes. */
  async function differences(texts: readonly string[], name: string) {
    const home = await build(texts, name)
    const found: { text: string; onlyBuildKit: string[]; onlyWe: string[] }[] = []
    for (const [index, text] of texts.entries()) {
      const context = join(home, `c${index}`)
      const ignore = await readIgnoreRules(context, { signal })
      const ours = (await walkContext(context, { ignore, signal, leaveOut: [] })).map(({ path }) => path)
      const theirs = (await walkContext(join(home, 'out', `c${index}`), { signal, leaveOut: [] })).map(
        ({ path }) => path,
      )
      const onlyBuildKit = theirs.filter((path) => !ours.includes(path))
      const onlyWe = ours.filter((path) => !theirs.includes(path))
      if (onlyBuildKit.length + onlyWe.length > 0) found.push({ text, onlyBuildKit, onlyWe })
    }
    return found
  }

  it('takes what BuildKit takes, for written patterns', async () => {
    const accepted = written.filter(isAccepted)
    expect(accepted.length).toBeGreaterThan(written.length - 5)
    expect(await differences(accepted, 'written')).toEqual([])
  })

  it('takes what BuildKit takes, for random patterns', async () => {
    const texts = fc.sample(random, { seed: 20261123, numRuns: 90 }).filter(isAccepted)
    expect(texts.length).toBeGreaterThan(60)
    expect(await differences(texts, 'random')).toEqual([])
  })

  /**
   * What BuildKit says of an ignore file. Where a refused context ends the build, the end sometimes outruns its reason: then
   * only "context canceled" is said, and it is asked again.
   */
  async function answer(text: string): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      try {
        await build([text], `refused-${refused.indexOf(text)}-${randomUUID()}`)
        return 'accepted'
      } catch (error) {
        const said = String(error)
        if (attempt === 20 || !said.includes('Canceled: context canceled')) return said
      }
    }
  }

  it.each(refused)('refuses %j as BuildKit does', async (text) => {
    expect(isAccepted(text)).toBe(false)
    expect(await answer(text)).toContain('excludepatterns')
  })
})
