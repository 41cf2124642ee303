import { describe, expect, it } from 'vitest'
import { parsePlatform } from '../oci/index.ts'
import { type BuilderFacts, type BuilderNode, forecastDockerfile, machineBuilder } from './index.ts'

const platforms = ['linux/amd64', 'linux/arm64']
const machine = machineBuilder(parsePlatform('linux/amd64'), [parsePlatform('linux/arm64')])

const usual = `FROM node:22-slim AS base
WORKDIR /app
FROM base AS deps
RUN npm ci --omit=dev
RUN npm rebuild
FROM base AS build
RUN npm ci
RUN npm run build
FROM base
RUN apt-get update && apt-get install -y tini
COPY --from=deps /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
`

function nodeOf(name: string, platforms: readonly string[]): BuilderNode {
  const [native, ...others] = platforms.map(parsePlatform)
  return {
    name,
    assigned: [],
    platforms: [native, ...others].filter((each) => each !== undefined),
    ...(native ? { native } : {}),
  }
}

function forecastOf(text: string, builder: BuilderFacts = machine) {
  return forecastDockerfile(text, { platforms, builder }).platforms
}

describe('on one machine', () => {
  it('counts emulated steps, and those that wait for one another', () => {
    const [amd64, arm64] = forecastOf(usual)
    expect(amd64).toMatchObject({ runs: 5, emulatedRuns: 0, criticalPath: [] })
    expect(arm64).toMatchObject({ runs: 5, emulatedRuns: 5 })
    expect(arm64?.criticalPath.map(({ line }) => line)).toEqual([4, 5])
  })

  it('says of each step what it is and what it may cost', () => {
    const steps = forecastOf(usual)[1]?.stages.flatMap((stage) => stage.steps) ?? []
    expect(steps.map(({ kind, expensive }) => `${kind} ${expensive}`)).toEqual([
      'install true',
      'install true',
      'install true',
      'build true',
      'packages true',
    ])
    expect(steps.every(({ estimatedSeconds }) => estimatedSeconds > 0)).toBe(true)
  })

  it('a stage of the builder’s platform is native, and shared when nothing in it asks for the image’s', () => {
    const [, arm64] = forecastOf(`FROM --platform=$BUILDPLATFORM node:22 AS build
RUN npm run build
FROM --platform=$BUILDPLATFORM node:22 AS deps
ARG TARGETARCH
RUN npm ci --cpu=$TARGETARCH
FROM node:22
COPY --from=build /dist /dist
COPY --from=deps /node_modules /node_modules
`)
    expect(arm64?.emulatedRuns).toBe(0)
    expect(arm64?.stages.map(({ stage, execution, shared }) => ({ stage, execution, shared }))).toEqual([
      { stage: 'build', execution: 'native', shared: true },
      { stage: 'deps', execution: 'native', shared: false },
      { stage: '2', execution: 'emulated', shared: false },
    ])
    expect(arm64?.stages[2]?.needs).toMatchObject([
      { from: 'node:22', by: 'FROM' },
      { from: 'build', by: 'COPY', platform: 'linux/amd64' },
      { from: 'deps', by: 'COPY', platform: 'linux/amd64' },
    ])
  })

  it('tells stages apart that the platform chooses, and those that nobody needs', () => {
    const forecast = forecastDockerfile(
      'FROM a AS s-amd64\nRUN x\nFROM a AS s-arm64\nRUN y\nFROM a AS lint\nRUN z\nFROM s-$TARGETARCH\n',
      { platforms, builder: machine },
    )
    expect(forecast.unused).toEqual(['lint'])
    expect(
      forecast.platforms.map(({ stages }) => stages.flatMap(({ steps }) => steps.map(({ text }) => text))),
    ).toEqual([['RUN x'], ['RUN y']])
  })
})

describe('on a farm', () => {
  const farm: BuilderFacts = {
    name: 'builder farm',
    nodes: [nodeOf('x86', ['linux/amd64', 'linux/386']), nodeOf('arm', ['linux/arm64', 'linux/ppc64le'])],
  }

  it('its nodes are described by what their CPUs and emulators do', () => {
    expect(forecastDockerfile(usual, { platforms, builder: farm }).nodes).toEqual([
      { name: 'x86', native: 'linux/amd64', emulated: [], assigned: [] },
      { name: 'arm', native: 'linux/arm64', emulated: ['linux/ppc64le'], assigned: [] },
    ])
  })

  it('each platform is built on a node of its own', () => {
    expect(
      forecastOf(usual, farm).map(({ node, buildPlatform, emulatedRuns }) => [
        node,
        buildPlatform,
        emulatedRuns,
      ]),
    ).toEqual([
      ['x86', 'linux/amd64', 0],
      ['arm', 'linux/arm64', 0],
    ])
  })

  it('a platform without a node is impossible', () => {
    const [s390x] = forecastDockerfile(usual, { platforms: ['linux/s390x'], builder: farm }).platforms
    expect(s390x).toMatchObject({ emulatedRuns: 0, buildPlatform: '' })
    expect(s390x?.node).toBeUndefined()
    expect(s390x?.stages.every(({ execution }) => execution === 'impossible')).toBe(true)
  })

  it('an assigned node wins', () => {
    const assigned = {
      ...farm,
      nodes: [
        ...farm.nodes,
        { ...nodeOf('own', ['linux/amd64', 'linux/arm64']), assigned: [parsePlatform('linux/arm64')] },
      ],
    }
    expect(forecastOf(usual, assigned)[1]).toMatchObject({ node: 'own', emulatedRuns: 5 })
  })
})

it('says what is wrong, and never throws', () => {
  expect(forecastOf('FROM\nRUN x\n')[0]?.problems.length).toBeGreaterThan(0)
  expect(forecastOf('')[0]?.problems.length).toBeGreaterThan(0)
  expect(forecastOf('FROM a-$NOWHERE\nCOPY --from=9 a b\n')[0]?.problems.length).toBeGreaterThan(0)
})
