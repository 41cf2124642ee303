/**
 * Writes what follows from the folders of rules: src/checks/rules/index.ts (the list), src/checks/rules/pages.ts (their
 * pages, for `everyarch explain`) and docs/rules.md (the index).
 * `node scripts/rules-index.mjs` writes, `--check` only says whether they are up to date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'src/checks/rules')
/** Pages of rules that have no folder: those of `verify`, and of stations of a build. */
const otherPages = join(root, 'docs/rules')

const foldersIn = (path) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()

const ids = foldersIn(folder).flatMap((area) =>
  foldersIn(join(folder, area)).map((name) => `${area}/${name}`),
)

function nameOf(id) {
  return id.replace(/[/-]+(\w)/g, (_, letter) => letter.toUpperCase())
}

function ruleList() {
  const imports = ids.map((id) => `import ${nameOf(id)} from './${id}/rule.ts'`)
  return [
    '/** Every rule. Written by scripts/rules-index.mjs: do not edit. */',
    "import type { Rule } from '../rule.ts'",
    ...imports,
    '',
    'export const rules: readonly Rule[] = [',
    ...ids.map((id) => `  ${nameOf(id)},`),
    ']',
    '',
  ].join('\n')
}

const otherIds = foldersIn(otherPages).flatMap((area) =>
  readdirSync(join(otherPages, area))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${area}/${name.slice(0, -3)}`)
    .sort(),
)

function rulePages() {
  const pages = [
    ...ids.map((id) => [id, join(folder, id, 'rule.md')]),
    ...otherIds.map((id) => [id, join(otherPages, `${id}.md`)]),
  ]
  const escaped = (path) => readFileSync(path, 'utf8').replaceAll(/[\\`]|\$(?=\{)/g, '\\$&')
  return [
    '/** The page of every rule, those of verify and build included. Written by scripts/rules-index.mjs: do not edit. */',
    'export const rulePages: ReadonlyMap<string, string> = new Map([',
    ...pages.map(([id, path]) => `  [\n    '${id}',\n    \`${escaped(path)}\`,\n  ],`),
    '])',
    '',
  ].join('\n')
}

/** The first paragraph after the title. */
function summaryOf(page) {
  return (
    readFileSync(page, 'utf8')
      .split('\n')
      .slice(1)
      .find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''
  )
}

function severityOf(id) {
  return /severity: '(\w+)'/.exec(readFileSync(join(folder, id, 'rule.ts'), 'utf8'))?.[1] ?? ''
}

function ruleIndex() {
  const rows = ids.map((id) => {
    const page = join(folder, id, 'rule.md')
    return `| [${id}](../src/checks/rules/${id}/rule.md) | ${severityOf(id)} | ${summaryOf(page)} |`
  })
  const others = (isMeant) =>
    otherIds
      .filter(isMeant)
      .map((id) => `| [${id}](rules/${id}.md) | ${summaryOf(join(otherPages, `${id}.md`))} |`)
  const isOfImages = (id) => id.startsWith('image/')
  return [
    '# Rules',
    '',
    'Written by scripts/rules-index.mjs from the rules’ own pages. What is never flagged: [check-scope.md](check-scope.md).',
    '',
    '## `everyarch check`: the project’s files',
    '',
    '| rule | severity | what it finds |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '## `everyarch verify`: the image',
    '',
    '| rule | what it finds |',
    '| --- | --- |',
    ...others(isOfImages),
    '',
    '## `everyarch build`: on the way to the image',
    '',
    '| rule | what it finds |',
    '| --- | --- |',
    ...others((id) => !isOfImages(id)),
    '',
  ].join('\n')
}

const outputs = new Map([
  [join(folder, 'index.ts'), ruleList()],
  [join(folder, 'pages.ts'), rulePages()],
  [join(root, 'docs/rules.md'), ruleIndex()],
])
const stale = [...outputs].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not up to date: run node scripts/rules-index.mjs`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
