import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { collectLostRejections } from './lost-rejections.ts'

function collect() {
  const events = new EventEmitter()
  const stranded: unknown[] = []
  const lost = collectLostRejections(events, (failure) => stranded.push(failure))
  return { events, stranded, lost }
}

describe('collectLostRejections', () => {
  it('passes over failures of connections, whose other half reached us', () => {
    const { events, stranded, lost } = collect()
    for (const code of ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'UND_ERR_SOCKET', 'EPIPE'])
      events.emit('unhandledRejection', Object.assign(new TypeError('broken'), { code }))
    events.emit('unhandledRejection', Object.assign(new TypeError('aborted'), { name: 'FetchError' }))
    expect(lost.bug()).toBeUndefined()
    events.emit('beforeExit')
    expect(stranded).toEqual([])
  })

  it('finds a mistake in a program', () => {
    const { events, lost } = collect()
    const mistake = new TypeError('x is not a function')
    events.emit('unhandledRejection', Object.assign(new TypeError('broken'), { code: 'ECONNRESET' }))
    events.emit('unhandledRejection', mistake)
    expect(lost.bug()).toBe(mistake)
  })

  it('tells once why the work cannot end any more', () => {
    const { events, stranded } = collect()
    events.emit('unhandledRejection', 'why')
    events.emit('beforeExit')
    events.emit('beforeExit')
    expect(stranded).toEqual(['why'])
    const unexplained = collect()
    unexplained.events.emit('beforeExit')
    expect(unexplained.stranded).toMatchObject([{ code: 'INTERNAL' }])
  })
})
