/**
 * Feeds parsers with damaged input until the time is over: `npm run fuzz -- [name…] [--seconds 60] [--seed 1]`. A suite is a
 * file of test/fuzz that exports `fuzz…(seed, iterations)`, which returns its failures. The seed that failed is printed.
 */
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import './typescript.mjs'

const folder = resolve(import.meta.dirname, '../test/fuzz')
const batch = 1000
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
})

const suites = []
for (const file of readdirSync(folder).sort()) {
  const name = file.replace(/\.ts$/, '')
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const exported = Object.entries(await import(join(folder, file)))
  suites.push(...exported.filter(([key]) => key.startsWith('fuzz')).map(([, fuzz]) => ({ name, fuzz })))
}

for (const { name, fuzz } of suites) {
  const end = performance.now() + (Number(values.seconds) * 1000) / suites.length
  let seed = Number(values.seed)
  let failures = []
  for (; performance.now() < end && failures.length === 0; seed++) failures = await fuzz(seed, batch)
  console.log(
    `${name}: seeds ${values.seed} to ${seed - 1}, ${batch} inputs each, ${failures.length} failures`,
  )
  for (const failure of failures) console.log(JSON.stringify(failure))
  if (failures.length > 0) process.exitCode = 1
}
