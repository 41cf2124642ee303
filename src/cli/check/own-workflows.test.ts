/** Our own workflows, before GitHub's judge and ours. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { checkFiles } from '../../checks/index.ts'
import { pinned } from '../../scaffold/index.ts'
import { judgeWorkflow } from '../init/testdata/github-workflow.ts'

const folder = resolve(import.meta.dirname, '../../../.github/workflows')
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), 'utf8'),
}))

it.each(workflows)('$name is one that GitHub takes, and check finds nothing', async ({ name, text }) => {
  expect(await judgeWorkflow(text)).toEqual({ mistakes: [], jobs: 2 })
  expect(checkFiles(new Map([[`.github/workflows/${name}`, text]])).findings).toEqual([])
})

it.each(workflows)('$name uses the actions of init, pinned by the same commits', ({ text }) => {
  const pins = [...text.matchAll(/uses: (.+)/g)].map(([, pin]) => pin)
  expect(pins.length).toBeGreaterThan(0)
  for (const pin of pins) expect([pinned('checkout'), pinned('setupNode')]).toContain(pin)
})

it('a release publishes only what was proved, and moves tags last', () => {
  const { text = '' } = workflows.find(({ name }) => name === 'release.yml') ?? {}
  const order = [
    '.ci/run',
    'needs: prove',
    'diff --recursive',
    'npm publish --provenance',
    'git tag "v$VERSION"',
  ]
  const places = order.map((part) => text.indexOf(part))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(places[0]).toBeGreaterThan(0)
  expect(text).not.toMatch(/secrets\./)
})
