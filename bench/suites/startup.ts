/** What it takes before everyarch does anything: its start, beside that of Node itself. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import '../../scripts/build.mjs'
import { median, timed } from '../measurement.ts'

const runsPerRound = 10
const everyarch = resolve(import.meta.dirname, '../../dist/cli.js')

export async function run({ rounds }: { rounds: number }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-bench-'))
  const empty = join(folder, 'empty.mjs')
  await writeFile(empty, '')
  const programs = {
    'node, an empty module': [empty],
    'everyarch --version': [everyarch, '--version'],
    'everyarch build --help': [everyarch, 'build', '--help'],
  }
  const seconds = new Map(Object.keys(programs).map((name) => [name, [] as number[]]))
  for (let run = 0; run < rounds * runsPerRound; run++) {
    for (const [name, args] of Object.entries(programs)) {
      const measured = await timed({ program: process.execPath, args, cwd: folder, env: process.env })
      seconds.get(name)?.push(measured.seconds)
    }
  }
  await rm(folder, { recursive: true })
  const rows = [...seconds].map(([name, all]) => `| ${name} | ${(median(all) * 1000).toFixed(0)} ms |`)
  return `## Start-up

Medians of ${rounds * runsPerRound} runs in turns.

| | time |
|---|---|
${rows.join('\n')}
`
}
