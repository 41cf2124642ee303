import { describe, expect, it } from 'vitest'
import { inParallel, limiter, mapConcurrently, mapOrdered } from './concurrency.ts'

const tick = (milliseconds = 1) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const never = new AbortController().signal

describe('limiter', () => {
  it('never runs more than its limit and keeps the order', async () => {
    const limited = limiter(2)
    let running = 0
    let most = 0
    const started: number[] = []
    await Promise.all(
      [0, 1, 2, 3, 4].map((number) =>
        limited(async () => {
          started.push(number)
          most = Math.max(most, ++running)
          await tick()
          running--
        }),
      ),
    )
    expect(most).toBe(2)
    expect(started).toEqual([0, 1, 2, 3, 4])
  })

  it('gives a failed task’s place back', async () => {
    const limited = limiter(1)
    await expect(limited(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(limited(() => Promise.resolve(7))).resolves.toBe(7)
  })
})

describe('mapConcurrently', () => {
  it('keeps the order of results', async () => {
    const result = await mapConcurrently([3, 1, 2], 3, async (number) => (await tick(number), number * 2), {
      signal: never,
    })
    expect(result).toEqual([6, 2, 4])
  })

  it('starts nothing new after a failure and waits for what runs', async () => {
    const started: number[] = []
    let settled = 0
    const work = mapConcurrently(
      [0, 1, 2, 3],
      2,
      async (number) => {
        started.push(number)
        await tick(number === 0 ? 1 : 5)
        settled++
        if (number === 0) throw new Error('first')
      },
      { signal: never },
    )
    await expect(work).rejects.toThrow('first')
    expect(started).toEqual([0, 1])
    expect(settled).toBe(2)
  })

  it('stops when aborted', async () => {
    const controller = new AbortController()
    const work = mapConcurrently([1, 2, 3], 1, async () => controller.abort(), { signal: controller.signal })
    await expect(work).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})

describe('mapOrdered', () => {
  it('yields in order with bounded work under way', async () => {
    let running = 0
    let most = 0
    const results: number[] = []
    for await (const number of mapOrdered([5, 1, 3, 2], 2, async (value) => {
      most = Math.max(most, ++running)
      await tick(value)
      running--
      return value
    })) {
      results.push(number)
    }
    expect(results).toEqual([5, 1, 3, 2])
    expect(most).toBe(2)
  })
})

describe('inParallel', () => {
  it('returns each result in its place', async () => {
    const [text, number] = await inParallel<[string, number]>([async () => 'a', async () => 1], {
      signal: never,
    })
    expect([text, number]).toEqual(['a', 1])
  })

  it('aborts the others on the first failure and throws that one', async () => {
    let sawAbort = false
    const work = inParallel(
      [
        async () => {
          await tick()
          throw new Error('cause')
        },
        async (signal: AbortSignal) => {
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
          sawAbort = true
          throw new Error('consequence')
        },
      ],
      { signal: never },
    )
    await expect(work).rejects.toThrow('cause')
    expect(sawAbort).toBe(true)
  })
})
