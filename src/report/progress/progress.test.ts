import { describe, expect, it } from 'vitest'
import type { ProgressEvent } from '../../base/index.ts'
import { jsonProgress } from './json-progress.ts'
import { plainProgress } from './plain-progress.ts'
import { runningText } from './progress-line.ts'
import { terminalProgress } from './terminal-progress.ts'

const start: ProgressEvent = {
  type: 'start',
  id: 'a',
  station: 'push',
  text: 'layers',
  total: 2_000_000,
  unit: 'bytes',
}

function plain(events: readonly (ProgressEvent | number)[], verbose = false): string {
  let now = 0
  let text = ''
  const progress = plainProgress({ write: (more) => (text += more), colour: false, now: () => now, verbose })
  for (const event of events) {
    if (typeof event === 'number') now += event
    else progress(event)
  }
  return text
}

describe('plainProgress', () => {
  it('prints one line when work ends, with its duration', () => {
    const text = plain([
      start,
      1500,
      { type: 'advance', id: 'a', done: 1_000_000 },
      300,
      { type: 'end', id: 'a', text: '2.0 MB sent' },
    ])
    expect(text).toMatch(/^push {5}2\.0 MB sent +1\.8 s\n$/)
  })

  it('says when work was not needed', () => {
    expect(plain([start, { type: 'end', id: 'a', text: 'layers', cached: true }])).toMatch(
      /layers +cached\n$/,
    )
  })

  it('gives a sign of life with amounts and time left', () => {
    const text = plain([start, 11_000, { type: 'advance', id: 'a', done: 500_000 }])
    expect(text).toContain('layers 500.0 kB of 2.0 MB, 33.0 s left')
  })

  it('shows what programs print only when asked', () => {
    const output: ProgressEvent = { type: 'output', id: 'a', stream: 'stdout', line: 'hello' }
    expect(plain([start, output])).toBe('')
    expect(plain([start, output], true)).toContain('hello')
  })

  it('prints warnings with what to do', () => {
    expect(plain([{ type: 'warning', text: 'old', hint: 'renew\nsoon' }])).toBe(
      'warning: old\n  renew\n  soon\n',
    )
  })

  it('ignores events about work that it does not know', () => {
    expect(
      plain([
        { type: 'end', id: 'x', text: 'y' },
        { type: 'advance', id: 'x', done: 1 },
      ]),
    ).toBe('')
  })
})

it('estimates no time before there is a pace', () => {
  const work = {
    station: 'push' as const,
    text: 't',
    platform: 'linux/arm64',
    startedAt: 0,
    done: 0,
    total: 10,
    unit: 'items' as const,
    lastOutput: undefined,
  }
  expect(runningText(work, 5000)).toBe('linux/arm64 t 0 of 10')
})

it('terminal: finished lines stay, work under way is erased at the end', () => {
  let text = ''
  const { progress, stop } = terminalProgress({
    write: (more) => (text += more),
    colour: false,
    now: () => 0,
    columns: () => 80,
  })
  progress(start)
  progress({ type: 'end', id: 'a', text: 'sent' })
  stop()
  expect(text).toMatch(/^push {5}sent +0\.0 s\n$/)
})

it('json: one object a line', () => {
  let text = ''
  jsonProgress({ write: (more) => (text += more), now: () => 7 })(start)
  expect(JSON.parse(text)).toEqual({ time: 0, ...start })
})

it('json: amounts are told a few times a second, not for every chunk', () => {
  let lines = 0
  let now = 0
  const progress = jsonProgress({ write: () => void lines++, now: () => now })
  for (; now < 1000; now++) progress({ type: 'advance', id: 'a', done: now })
  expect(lines).toBe(5)
})
