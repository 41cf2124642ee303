import { describe, expect, it } from 'vitest'
import { type BuildRequest, dependenciesOf, parseDockerfile, resolveStages } from './index.ts'

const request: BuildRequest = {
  target: { os: 'linux', architecture: 'arm', variant: 'v7' },
  build: { os: 'linux', architecture: 'amd64' },
}

function graphOf(lines: string[], more: Partial<BuildRequest> = {}) {
  return resolveStages(parseDockerfile(lines.join('\n')), { ...request, ...more })
}

describe('stages', () => {
  it('run where the FROM that they go back to says', () => {
    const graph = graphOf([
      'FROM --platform=$BUILDPLATFORM node:22 AS tools',
      'FROM tools AS build',
      'FROM --platform=linux/amd64 node:22 AS pinned',
      'FROM --platform=$TARGETPLATFORM node:22 AS said',
      'FROM node:22',
    ])
    expect(graph.stages.map(({ runsOn, platform }) => `${runsOn} ${platform}`)).toEqual([
      'build linux/amd64',
      'build linux/amd64',
      'constant linux/amd64',
      'target linux/arm/v7',
      'target linux/arm/v7',
    ])
  })

  it('are reachable from the target only', () => {
    const graph = graphOf([
      'FROM node:22 AS base',
      'FROM base AS deps',
      'FROM base AS unused',
      'FROM base',
      'COPY --from=deps /a /a',
      'RUN --mount=type=bind,from=other,target=/x y',
    ])
    expect(graph.stages.map((stage) => stage.reachable)).toEqual([true, true, false, true])
    expect(graph.target && dependenciesOf(graph.target)).toEqual([0, 1])
    expect(graph.target?.steps.at(-1)?.sources).toEqual([{ kind: 'image', reference: 'other' }])
  })

  it('take --build-context for a stage or an image', () => {
    const graph = graphOf(['FROM node:22 AS deps', 'FROM alpine', 'COPY --from=deps /a /a'], {
      contexts: ['alpine'],
    })
    expect(graph.stages.map((stage) => stage.base)).toEqual([
      { kind: 'image', reference: 'node:22' },
      { kind: 'context', name: 'alpine' },
    ])
  })

  it('say which platform arguments a value was made from', () => {
    const graph = graphOf(['FROM a', 'ARG TARGETARCH', 'ENV CPU=${TARGETARCH/amd64/x64}', 'ENV PLAIN=1'])
    const scope = graph.target?.scope
    expect([...(scope?.get('CPU')?.platformArguments ?? [])]).toEqual(['TARGETARCH'])
    expect(scope?.get('CPU')?.origin).toBe('environment')
    expect(scope?.get('PLAIN')?.platformArguments.size).toBe(0)
  })

  it('point at what does not resolve', () => {
    const lines = ['FROM a', 'COPY --from=$x /a /b']
    const graph = graphOf(lines)
    const text = lines.join('\n')
    expect(graph.problems.map(({ range }) => text.slice(range.start, range.end))).toEqual(['$x'])
  })
})
