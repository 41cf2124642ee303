import { describe, expect, it } from 'vitest'
import type { ProgressEvent } from '../../../base/index.ts'
import { plainReader } from './plain.ts'
import { rawjsonReader } from './rawjson.ts'
import type { SolveReader } from './solve-event.ts'
import { parseStepName } from './step-name.ts'
import { Timeline } from './timeline.ts'

const digest = `sha256:${'a'.repeat(64)}`
const base64 = (text: string) => Buffer.from(text).toString('base64')

function timelineOf(read: SolveReader, lines: readonly (string | number)[]) {
  const events: ProgressEvent[] = []
  const complaints: string[] = []
  let now = 0
  const timeline = new Timeline({
    prefix: '',
    progress: (event) => events.push(event),
    now: () => now,
    runsOn: ({ kind, platform }) => ({ platform, emulated: kind === 'run' && platform === 'linux/arm64' }),
  })
  for (const line of lines) {
    if (typeof line === 'number') now += line
    else {
      const told = read(line)
      if (!told) complaints.push(line)
      for (const event of told ?? []) timeline.apply(event)
    }
  }
  return { timeline, events, complaints }
}

describe('rawjson', () => {
  const vertex = (more: object) =>
    JSON.stringify({ vertexes: [{ digest, name: '[linux/arm64 deps 2/3] RUN npm ci', ...more }] })
  const started = '2026-01-01T00:00:00Z'

  it('tells a step from its start to its end, output in whole lines', () => {
    const log = (text: string) =>
      JSON.stringify({ logs: [{ vertex: digest, stream: 2, data: base64(text) }] })
    const { timeline, events } = timelineOf(rawjsonReader(), [
      vertex({}),
      vertex({ started }),
      log('one\ntw'),
      log('o\nrest'),
      1500,
      vertex({ started, completed: started }),
    ])
    expect(events.map(({ type }) => type)).toEqual(['start', 'output', 'output', 'output', 'end'])
    expect(events.flatMap((event) => (event.type === 'output' ? event.line : []))).toEqual([
      'one',
      'two',
      'rest',
    ])
    expect(timeline.report()).toEqual([
      {
        name: '[linux/arm64 deps 2/3] RUN npm ci',
        platform: 'linux/arm64',
        stage: 'deps',
        start: 0,
        milliseconds: 1500,
        cached: false,
        emulated: true,
      },
    ])
  })

  it('a cached step was not emulated, and is told as cached', () => {
    const { timeline, events } = timelineOf(rawjsonReader(), [
      vertex({ started, completed: started, cached: true }),
    ])
    expect(timeline.report()).toMatchObject([{ cached: true, emulated: false }])
    expect(events.at(-1)).toMatchObject({ type: 'end', cached: true, text: 'linux/arm64 deps: RUN npm ci' })
  })

  it('knows the step that failed from those that were stopped because of it', () => {
    const other = JSON.stringify({
      vertexes: [
        {
          digest: 'x',
          name: '[2/2] RUN true',
          started,
          completed: started,
          error: 'exit code: 137: context canceled',
        },
      ],
    })
    const { timeline } = timelineOf(rawjsonReader(), [
      other,
      vertex({ started, completed: started, error: 'exit code: 1' }),
    ])
    expect(timeline.failed?.name).toContain('npm ci')
  })

  it('leaves what is no progress to others', () => {
    const { complaints } = timelineOf(rawjsonReader(), ['ERROR: no', '{broken', vertex({ started })])
    expect(complaints).toEqual(['ERROR: no', '{broken'])
  })
})

describe('plain', () => {
  it('reads steps that take turns, output, bytes and the end', () => {
    const { timeline, events, complaints } = timelineOf(plainReader(), [
      '#0 building with "default" instance using docker driver',
      '',
      '#4 [internal] load build context',
      '#4 transferring context: 2.10MB 0.1s done',
      '#4 DONE 0.1s',
      '#5 [linux/arm64 deps 2/3] RUN npm ci',
      '#5 ...',
      '',
      '#6 [linux/amd64 deps 2/3] RUN npm ci',
      '#6 CACHED',
      '#5 [linux/arm64 deps 2/3] RUN npm ci',
      '#5 12.34 added 3 packages',
      '#5 DONE 13.0s',
      '#7 sha256:abc 1.05MB / 4.20MB 0.2s',
    ])
    expect(complaints).toEqual([])
    expect([...timeline.steps.values()].map(({ cached, log }) => ({ cached, log }))).toEqual([
      { cached: false, log: [] },
      { cached: false, log: ['added 3 packages'] },
      { cached: true, log: [] },
      { cached: false, log: [] },
    ])
    expect(timeline.steps.get('4')?.transfers.get('transferring context')?.done).toBe(2_100_000)
    expect(events.filter(({ type }) => type === 'end')).toHaveLength(3)
  })

  it('hands the summary of a failure over', () => {
    const { timeline, complaints } = timelineOf(plainReader(), [
      '#5 [2/2] RUN false',
      '#5 0.1 said',
      '#5 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1',
      '------',
      ' > [2/2] RUN false:',
      '0.1 said',
      'Dockerfile:2',
    ])
    expect(timeline.failed).toMatchObject({ log: ['said'] })
    expect(complaints).toEqual(['------', ' > [2/2] RUN false:', '0.1 said', 'Dockerfile:2'])
  })
})

describe('parseStepName', () => {
  it.each([
    ['[linux/arm64 deps 2/3] RUN npm ci', { kind: 'run', platform: 'linux/arm64', stage: 'deps' }],
    ['[linux/amd64->arm/v7 build 3/4] RUN tsc', { kind: 'run', platform: 'linux/amd64', stage: 'build' }],
    ['[linux/arm/v7 stage-1 1/4] COPY . .', { kind: 'copy', platform: 'linux/arm/v7', stage: 'stage-1' }],
    ['[2/2] RUN true', { kind: 'run' }],
    ['[build 1/2] FROM node:22', { kind: 'base', stage: 'build' }],
    ['[app linux/arm64 deps 2/3] RUN npm ci', { kind: 'run', platform: 'linux/arm64', stage: 'deps' }],
    ['[internal] load build context', { kind: 'context' }],
    ['[linux/amd64 internal] load metadata for node:22', { kind: 'internal' }],
    ['exporting to oci image format', { kind: 'export' }],
    ['[auth] library/node:pull token', { kind: 'other' }],
  ])('%s', (name, expected) => {
    const words = parseStepName(name)
    expect(words).toMatchObject(expected)
    if (!('stage' in expected)) expect(words.stage).toBeUndefined()
  })
})
