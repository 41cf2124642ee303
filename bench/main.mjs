/**
 * Measures: `npm run bench -- [suite…] [--rounds 3] [--save]`. A suite is a file of this folder that exports
 * `run({ rounds })`, which resolves to its report in Markdown. `--save` writes it to results/<date>.md as well.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import '../scripts/typescript.mjs'

const folder = join(import.meta.dirname, 'suites')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, save: { type: 'boolean', default: false } },
})
const all = new Map(readdirSync(folder).map((file) => [file.replace(/\.\w+$/, ''), join(folder, file)]))
const names = positionals.length > 0 ? positionals : [...all.keys()]
const unknown = names.filter((name) => !all.has(name))

if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(', ')}; there are: ${[...all.keys()].join(', ')}`)
  process.exitCode = 2
} else {
  const report = await measure()
  console.log(report)
  if (values.save) save(report)
}

async function measure() {
  const reports = [`# Measured on ${today()}\n\n${machine()}\n`]
  for (const name of names) {
    const { run } = await import(all.get(name))
    reports.push(await run({ rounds: Number(values.rounds) }))
  }
  return reports.join('\n')
}

function save(report) {
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  const file = join(results, `${today()}.md`)
  writeFileSync(file, report)
  console.error(`saved as ${file}`)
}

function today() {
  return new Date().toISOString().slice(0, 10)
}

function machine() {
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  const gib = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${cpus()[0]?.model.trim()}, ${gib} GiB, Node ${process.version}, commit ${commit}.`
}
