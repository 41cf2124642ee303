/** Bounded concurrency: no `Promise.all` over a list whose length the user decides. */
import { setMaxListeners } from 'node:events'
import { throwIfAborted } from './cancellation.ts'

/** Everything that runs listens to the run's signal: Node's warning at eleven would be about nothing. */
const manyListeners = 10_000

/** Runs tasks at most `limit` at a time, in the order in which they were given. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>

export function limiter(limit: number): Limiter {
  let running = 0
  const waiting: (() => void)[] = []
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      // Hand the place over instead of releasing it: a task that arrives now cannot overtake one that waits.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

/**
 * Maps with at most `limit` calls under way; results in input order. The first failure stops new calls, lets those under
 * way settle (nothing runs on behind the caller's back) and is then thrown.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T, index: number) => Promise<R>,
  { signal }: { signal: AbortSignal },
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  let failed = false
  let failure: unknown
  const worker = async () => {
    while (!failed && next < items.length) {
      const index = next++
      try {
        throwIfAborted(signal)
        results[index] = await map(items[index] as T, index)
      } catch (error) {
        if (!failed) failure = error
        failed = true
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  if (failed) throw failure
  return results
}

/**
 * Maps an ordered stream with up to `limit` calls under way and yields the results in order. When the consumer stops
 * early, calls under way are awaited before the generator returns.
 */
export async function* mapOrdered<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const pending: Promise<R>[] = []
  try {
    for await (const item of items) {
      const result = map(item)
      result.catch(() => {}) // observed below, in order; this only silences the early warning
      pending.push(result)
      if (pending.length >= limit) yield await (pending.shift() as Promise<R>)
    }
    while (pending.length > 0) yield await (pending.shift() as Promise<R>)
  } finally {
    await Promise.allSettled(pending)
  }
}

/**
 * Runs different tasks side by side. The first failure aborts the others through the signal that each is given, all are
 * awaited (nothing runs on behind the caller's back), and that failure is thrown.
 */
export async function inParallel<T extends readonly unknown[]>(
  tasks: { readonly [K in keyof T]: (signal: AbortSignal) => Promise<T[K]> },
  { signal }: { signal: AbortSignal },
): Promise<T> {
  const stop = new AbortController()
  const joined = AbortSignal.any([signal, stop.signal])
  setMaxListeners(manyListeners, joined)
  let failure: { error: unknown } | undefined
  const results = await Promise.all(
    tasks.map(async (task: (signal: AbortSignal) => Promise<unknown>) => {
      try {
        return await task(joined)
      } catch (error) {
        failure ??= { error }
        stop.abort(error)
        return undefined
      }
    }),
  )
  if (failure) throw failure.error
  return results as unknown as T
}
