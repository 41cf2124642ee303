import { describe, expect, it } from 'vitest'
import { deployChecklist, type DeployedImage, type DeployFacts } from '../index.ts'

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
const machine: DeployFacts['machine'] = new Map([
  ['linux/amd64', 'native'],
  ['linux/arm64', 'impossible'],
])

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
    deployChecklist(texts, {}, { image: image(), machine, ...facts }).map((line) => [line.id, line]),
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
    expect(lines.get('builder')).toMatchObject({ state: 'unknown' })
    expect(lines.get('smoke')?.state).toBe('done')
  })
})
