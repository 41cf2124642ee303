import { describe, expect, it } from 'vitest'
import {
  expressionsIn,
  matrixRows,
  parseYaml,
  referencesIn,
  substitute,
  toGithubWorkflow,
  valueAt,
} from './index.ts'

const rowsOf = (text: string) =>
  matrixRows(valueAt(parseYaml(text).documents[0], 'matrix'))?.map((row) => Object.fromEntries(row))

describe('matrixRows', () => {
  it('multiplies axes', () => {
    expect(rowsOf('matrix:\n  a: [1, 2]\n  b: [x, y]\n')).toHaveLength(4)
  })

  it('takes include alone as the rows', () => {
    expect(
      rowsOf('matrix:\n  include:\n    - {p: linux/amd64, r: x}\n    - {p: linux/arm64, r: y}\n'),
    ).toEqual([
      { p: 'linux/amd64', r: 'x' },
      { p: 'linux/arm64', r: 'y' },
    ])
  })

  it('extends rows by include and adds what contradicts', () => {
    const text =
      'matrix:\n  p: [amd64, arm64]\n  include:\n    - {p: arm64, runner: arm}\n    - {p: s390x}\n    - {all: 1}\n'
    expect(rowsOf(text)).toEqual(
      [{ p: 'amd64', all: '1' }, { p: 'arm64', runner: 'arm', all: '1' }, { p: 's390x' }].map((row) =>
        row.p === 's390x' ? { p: 's390x', all: '1' } : row,
      ),
    )
  })

  it('drops excluded rows', () => {
    expect(rowsOf('matrix:\n  a: [1, 2]\n  b: [x, y]\n  exclude:\n    - {a: 1, b: y}\n')).toHaveLength(3)
  })

  it('does not guess what is decided at run time', () => {
    expect(rowsOf('matrix: ${{ fromJSON(needs.x.outputs.m) }}\n')).toBeUndefined()
    expect(rowsOf('matrix:\n  a: ${{ fromJSON(x) }}\n')).toBeUndefined()
    expect(rowsOf('matrix:\n  include: ${{ fromJSON(x) }}\n')).toBeUndefined()
  })

  it('reads objects by their fields', () => {
    expect(rowsOf('matrix:\n  t:\n    - {p: linux/amd64, r: {os: x}}\n')).toEqual([
      { 't.p': 'linux/amd64', 't.r.os': 'x' },
    ])
  })
})

describe('expressions', () => {
  it('are found, with what they read', () => {
    const text = "a-${{ matrix.p }}-${{ github.ref == 'refs/heads/}}' && secrets.X || steps.a.outputs.b-c }}"
    expect(expressionsIn(text).map((expression) => expression.references)).toEqual([
      ['matrix.p'],
      ['github.ref', 'secrets.X', 'steps.a.outputs.b-c'],
    ])
    expect(referencesIn("contains('a.b', github.event_name)")).toEqual(['github.event_name'])
  })

  it('are replaced only when the value is known', () => {
    const values = new Map([['matrix.p', 'arm64']])
    expect(substitute('x-${{matrix.p}}-${{ matrix.q }}', values)).toBe('x-arm64-${{ matrix.q }}')
  })
})

describe('toGithubWorkflow', () => {
  const text = `on: {push: {branches: [main]}, pull_request: null}
env: {IMAGE: x}
jobs:
  build:
    runs-on: [self-hosted, "\${{ matrix.runner }}"]
    needs: test
    timeout-minutes: 10
    strategy: {matrix: {runner: [a, b]}}
    steps:
      - uses: Docker/build-push-action@v6 # pinned
        with: {push: true, platforms: "linux/amd64,linux/arm64"}
      - run: |
          docker pull x
`
  it('reads jobs and steps', () => {
    const workflow = toGithubWorkflow(parseYaml(text).documents[0])
    expect([...(workflow?.events.keys() ?? [])]).toEqual(['push', 'pull_request'])
    const [job] = workflow?.jobs ?? []
    expect(job?.needs).toEqual(['test'])
    expect(job?.rows).toHaveLength(2)
    expect(job?.steps[0]?.uses).toMatchObject({ name: 'docker/build-push-action', ref: 'v6' })
    expect(job?.steps[0]?.inputs.get('push')?.text).toBe('true')
    expect(job?.steps[1]?.run?.text).toBe('docker pull x\n')
  })

  it('reads on as a word or a list', () => {
    const events = (on: string) =>
      toGithubWorkflow(parseYaml(`on: ${on}\njobs: {a: {}}\n`).documents[0])?.events
    expect([...(events('push')?.keys() ?? [])]).toEqual(['push'])
    expect([...(events('[push, pull_request]')?.keys() ?? [])]).toEqual(['push', 'pull_request'])
  })

  it('is undefined without jobs', () => {
    expect(toGithubWorkflow(parseYaml('a: 1').documents[0])).toBeUndefined()
  })
})
