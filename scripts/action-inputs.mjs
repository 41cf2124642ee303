/**
 * Writes the tables of inputs and outputs in docs/action.md from action.yml. `--check` only says whether they are up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

const root = resolve(import.meta.dirname, '..')
const page = join(root, 'docs/action.md')
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'))

const cell = (text) => text.replaceAll('|', '\\|')
const table = (kind, entries) =>
  [
    `| ${kind} | what it is |`,
    '|---|---|',
    ...Object.entries(entries).map(([name, { description, default: usual }]) => {
      const note = usual === undefined ? '' : `; ${usual} when it is not given`
      return `| \`${name}\` | ${cell(description + note)} |`
    }),
  ].join('\n')

const text = readFileSync(page, 'utf8')
let written = text
for (const [kind, entries] of Object.entries({ input: action.inputs, output: action.outputs })) {
  const place = new RegExp(`(<!-- ${kind}s -->\n)[^]*?(\n<!-- end -->)`, 'u')
  written = written.replace(place, (_, before, after) => `${before}${table(kind, entries)}${after}`)
}
if (!process.argv.includes('--check')) writeFileSync(page, written)
else if (written !== text) {
  console.error(`${page} is not up to date: run node scripts/action-inputs.mjs`)
  process.exitCode = 1
}
