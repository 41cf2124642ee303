/** Whole projects as good teams write them: no rule may say that something is broken. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkFiles } from './index.ts'
import { parseArchive } from './testdata/archive.ts'

const folder = join(import.meta.dirname, 'testdata/projects')

describe('sound projects', () => {
  for (const name of readdirSync(folder)) {
    it(`have neither errors nor warnings: ${name}`, () => {
      const { findings } = checkFiles(parseArchive(readFileSync(join(folder, name), 'utf8')))
      const serious = findings.filter(({ severity }) => severity !== 'info')
      expect(
        serious.map(({ rule, source, message }) => `${source.file}:${source.line} ${rule} ${message}`),
      ).toEqual([])
    })
  }
})
