import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

const { signal } = new AbortController()

it('lets one in at a time, in the order in which they came', async () => {
  const turns = new Turns()
  const seen: string[] = []
  expect(turns.taken).toBe(false)
  const first = await turns.take({ signal })
  const others = ['second', 'third'].map(async (name) => {
    const release = await turns.take({ signal })
    seen.push(name)
    await Promise.resolve()
    seen.push(`${name} ends`)
    release()
  })
  await Promise.resolve()
  expect([seen, turns.taken]).toEqual([[], true])
  first()
  await Promise.all(others)
  expect(seen).toEqual(['second', 'second ends', 'third', 'third ends'])
  expect(turns.taken).toBe(false)
})

it('whoever was aborted while waiting lets the next one in', async () => {
  const turns = new Turns()
  const release = await turns.take({ signal })
  const aborted = new AbortController()
  const given = turns.take({ signal: aborted.signal })
  const next = turns.take({ signal })
  aborted.abort(new TypeError('interrupted'))
  release()
  await expect(given).rejects.toThrow('interrupted')
  ;(await next)()
  expect(turns.taken).toBe(false)
})
