import { describe, expect, it } from 'vitest'
import {
  type CacheState,
  deployChecklist,
  type DeployedImage,
  type DeployFacts,
  deployQuestions,
} from '../index.ts'

const digest = `sha256:${'a'.repeat(64)}`
const platform = (name: string) => ({ platform: name, digest, binaries: 3, addons: 1 })
const image = (change: Partial<DeployedImage> = {}): DeployedImage => ({
  name: 'ghcr.io/acme/shop:1.4.0',
  digest,
  platforms: [platform('linux/amd64'), platform('linux/arm64')],
  findings: [],
  tested: ['linux/amd64', 'linux/arm64'],
  untested: [],
  ...change,
})
const machine: DeployFacts['machine'] = {
  runs: new Map([
    ['linux/amd64', 'native'],
    ['linux/arm64', 'impossible'],
  ]),
  health: [],
}

function linesOf(
  steps: string,
  job = '    runs-on: ubuntu-24.04\n',
  facts: Partial<DeployFacts> = {},
  files: Record<string, string> = {},
) {
  const workflow = `on: push\njobs:\n  image:\n${job}    timeout-minutes: 20\n    steps:\n${steps}`
  const pipeline = steps === '' ? {} : { '.github/workflows/image.yml': workflow }
  const texts = new Map(Object.entries({ ...files, ...pipeline }))
  return new Map(
    deployChecklist(texts, {}, { image: image(), machine, caches: new Map(), ...facts }).map((line) => [
      line.id,
      line,
    ]),
  )
}

const qemu = '      - uses: docker/setup-qemu-action@v4\n'
const buildx = '      - uses: docker/setup-buildx-action@v4\n'
const build = (inputs: string[]) =>
  `      - uses: docker/build-push-action@v7\n        with:\n${inputs.map((line) => `          ${line}\n`).join('')}`
const everything = [
  'platforms: linux/amd64,linux/arm64',
  'push: true',
  'tags: ghcr.io/acme/shop:1.4.0',
  'cache-to: type=gha,mode=max,scope=shop',
]

describe('deployChecklist', () => {
  it('finds a sound pipeline and image done, each point with its evidence', () => {
    const lines = linesOf(qemu + buildx + build(everything))
    expect([...lines].map(([id, { state }]) => [id, state])).toEqual(
      ['emulators', 'builder', 'workflow', 'platforms', 'addons', 'cache', 'smoke'].map((id) => [id, 'done']),
    )
    for (const { evidence, hint } of lines.values()) {
      expect(evidence.length).toBeGreaterThan(0)
      expect(hint).toBeUndefined()
    }
    expect(lines.get('workflow')?.evidence[1]).toBe('linux/arm64: .github/workflows/image.yml:9')
  })

  it('names what is missing', () => {
    const lines = linesOf(
      build(['platforms: linux/arm64', 'push: true', 'tags: ghcr.io/acme/shop:latest']),
      undefined,
      {
        image: image({
          platforms: [platform('linux/arm64')],
          tested: [],
          untested: ['linux/arm64'],
          findings: [
            {
              rule: 'image/wrong-architecture',
              severity: 'error',
              platform: 'linux/arm64',
              message: 'is x86-64',
            },
          ],
        }),
      },
    )
    const open = ['emulators', 'workflow', 'platforms', 'addons', 'cache', 'smoke'] as const
    for (const id of open) expect([id, lines.get(id)?.state]).toEqual([id, 'not done'])
    expect(lines.get('emulators')?.evidence).toEqual([
      '.github/workflows/image.yml:7: linux/arm64 on a runner with amd64, without QEMU',
    ])
    expect(lines.get('platforms')?.evidence[0]).toBe('ghcr.io/acme/shop:1.4.0 has no linux/amd64')
    expect(lines.get('addons')?.evidence[0]).toContain('image/wrong-architecture  linux/arm64')
    expect(lines.get('smoke')?.hint).toContain('everyarch publish')
  })

  it('knows a matrix of native runners', () => {
    const job = [
      '    strategy:',
      '      matrix:',
      '        include:',
      '          - { cpu: amd64, runner: ubuntu-24.04 }',
      '          - { cpu: arm64, runner: ubuntu-24.04-arm }',
      '    runs-on: ${{ matrix.runner }}',
      '',
    ].join('\n')
    const steps = build([
      'platforms: linux/${{ matrix.cpu }}',
      'outputs: type=image,name=ghcr.io/acme/shop,push-by-digest=true,push=true',
      'cache-to: type=gha,mode=max,scope=shop-${{ matrix.cpu }}',
    ])
    const lines = linesOf(buildx + steps, job)
    for (const id of ['emulators', 'builder', 'workflow', 'cache'] as const)
      expect([id, lines.get(id)?.state]).toEqual([id, 'done'])
    const shared = linesOf(buildx + steps.replace('-${{ matrix.cpu }}', ''), job)
    expect(shared.get('cache')?.state).toBe('not done')
  })

  it('knows everyarch as a command and as an action', () => {
    for (const step of [
      '      - run: npx everyarch@1 build --platform linux/amd64,linux/arm64 --push\n',
      '      - uses: everyarch/everyarch@v0\n        with: { push: true }\n',
    ]) {
      const lines = linesOf(step)
      for (const id of ['emulators', 'builder', 'workflow'] as const)
        expect([id, lines.get(id)?.state]).toEqual([id, 'done'])
      expect(lines.get('cache')?.state).toBe(step.includes('uses') ? 'done' : 'not done')
    }
  })

  it('knows that everyarch drives buildx where there is a Dockerfile', () => {
    const step = (inputs: string) =>
      `      - uses: everyarch/everyarch@v0\n        with: { push: true${inputs} }\n`
    const states = (steps: string) => {
      const lines = linesOf(steps, undefined, {}, { Dockerfile: 'FROM node:22-slim\nUSER node\n' })
      return (['emulators', 'builder', 'cache'] as const).map((id) => lines.get(id)?.state)
    }
    expect(states(step(''))).toEqual(['not done', 'unknown', 'not done'])
    expect(states(qemu + buildx + step(', cache-to: "type=gha,mode=max"'))).toEqual(['done', 'done', 'done'])
    expect(states(step(', engine: direct'))).toEqual(['done', 'done', 'done'])
  })

  it('does not know what the files do not say', () => {
    const open = build(['platforms: ${{ inputs.platforms }}', 'push: true', 'cache-to: ${{ inputs.cache }}'])
    const lines = linesOf(open, undefined, { image: image({ tested: [] }) })
    for (const id of ['emulators', 'builder', 'workflow', 'cache', 'smoke'] as const)
      expect([id, lines.get(id)?.state]).toEqual([id, 'unknown'])
  })

  it('looks at this machine when the project has no pipeline', () => {
    const lines = linesOf('')
    expect(lines.get('emulators')?.evidence).toEqual([
      'this machine, linux/arm64: no QEMU handler',
      'this machine, linux/amd64: native',
    ])
    expect(lines.get('builder')).toMatchObject({
      state: 'done',
      evidence: [expect.stringContaining('without a Dockerfile')],
    })
    expect(lines.get('smoke')?.state).toBe('done')
  })

  it('believes doctor about emulators and the builder', () => {
    const runs = new Map([
      ['linux/amd64', 'native'],
      ['linux/arm64', 'emulated'],
    ] as const)
    const health = [
      {
        about: 'emulator',
        platform: 'linux/arm64',
        verdict: 'error',
        text: 'linux/arm64: lacks the F flag',
        meaning: 'not in containers',
      },
      { about: 'builder', verdict: 'ok', text: 'builder farm (remote), 2 nodes' },
      {
        about: 'builder',
        platform: 'linux/arm64',
        verdict: 'error',
        text: 'linux/arm64 cannot be executed',
        meaning: 'cannot be built',
      },
    ] as const
    const lines = linesOf(
      '',
      undefined,
      { machine: { runs, health } },
      { Dockerfile: 'FROM node:22-slim\nUSER node\n' },
    )
    expect(lines.get('emulators')).toMatchObject({
      state: 'not done',
      evidence: [
        'this machine, linux/arm64: lacks the F flag; not in containers',
        'this machine, linux/amd64: native',
      ],
    })
    expect(lines.get('builder')).toMatchObject({
      state: 'not done',
      evidence: [
        'this machine: linux/arm64 cannot be executed; cannot be built',
        'this machine: builder farm (remote), 2 nodes',
      ],
    })
    const sound = health.map((one) => ({ ...one, verdict: 'ok' as const }))
    const healthy = linesOf(
      '',
      undefined,
      { machine: { runs, health: sound } },
      { Dockerfile: 'FROM scratch\n' },
    )
    for (const id of ['emulators', 'builder'] as const)
      expect([id, healthy.get(id)?.state]).toEqual([id, 'done'])
  })

  it('looks for the caches of a registry, those of each row of a matrix', () => {
    const job = [
      '    strategy:',
      '      matrix:',
      '        include:',
      '          - { platform: linux/amd64, key: amd64, runner: ubuntu-24.04 }',
      '          - { platform: linux/arm64, key: arm64, runner: ubuntu-24.04-arm }',
      '    runs-on: ${{ matrix.runner }}',
      '    env: { IMAGE: ghcr.io/acme/shop, PLATFORM: "${{ matrix.platform }}", KEY: "${{ matrix.key }}" }',
      '',
    ].join('\n')
    const command = 'npx everyarch@1 build --engine buildkit --platform "$PLATFORM"'
    const cache = '"type=registry,ref=$IMAGE:buildcache-${KEY},mode=max"'
    const steps = `${buildx}      - run: ${command}\n      - run: ${command} --cache-to ${cache} --tag "$IMAGE" --push-by-digest\n`
    const workflow = `on: push\njobs:\n  image:\n${job}    timeout-minutes: 20\n    steps:\n${steps}`
    const references = ['ghcr.io/acme/shop:buildcache-amd64', 'ghcr.io/acme/shop:buildcache-arm64']
    const texts = new Map([['.github/workflows/image.yml', workflow]])
    expect(deployQuestions(texts, {})).toMatchObject({ machine: false, caches: references })
    const asked = (...states: CacheState[]) => {
      const caches = new Map(references.map((reference, at) => [reference, states[at] as CacheState]))
      return linesOf(steps, job, { caches })
    }
    const complete = { kind: 'complete', layers: 14 } as const
    const sound = asked(complete, complete)
    for (const id of ['emulators', 'builder', 'workflow', 'cache'] as const)
      expect([id, sound.get(id)?.state]).toEqual([id, 'done'])
    expect(sound.get('cache')?.evidence).toContainEqual(
      expect.stringContaining('buildcache-arm64 is there with all of its 14 layers'),
    )
    expect(asked(complete, { kind: 'missing' }).get('cache')).toMatchObject({ state: 'not done' })
    expect(asked(complete, { kind: 'incomplete', layers: 14, missing: 2 }).get('cache')).toMatchObject({
      state: 'not done',
    })
    expect(asked(complete, { kind: 'unknown', reason: 'no answer' }).get('cache')).toMatchObject({
      state: 'unknown',
    })
  })
})
