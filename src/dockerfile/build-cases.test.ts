/** Our resolution of small Dockerfiles against the table that test/dockerfile/ holds to BuildKit. */
import { describe, expect, it } from 'vitest'
import { buildCases } from './testdata/build-cases.ts'
import { builtLabels } from './testdata/built-labels.ts'

describe('builds of small Dockerfiles', () => {
  it('are many', () => {
    expect(buildCases.length).toBeGreaterThanOrEqual(100)
    expect(new Set(buildCases.map((build) => build.name)).size).toBe(buildCases.length)
  })

  for (const build of buildCases) {
    it(`agree: ${build.name}`, () => {
      for (const architecture of ['amd64', 'arm64'] as const) {
        expect(builtLabels(build, architecture)).toEqual(build[architecture] ?? build.labels ?? 'fails')
      }
    })
  }
})
