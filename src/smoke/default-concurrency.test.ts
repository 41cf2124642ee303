import { expect, it } from 'vitest'
import { defaultConcurrency } from './default-concurrency.ts'

it.each([
  [8, 32, 4],
  [2, 32, 2],
  [8, 3, 3],
  [8, 0.2, 1],
])('with %i processors and %f GiB it is %i', (processors, gibibytes, wanted) => {
  expect(defaultConcurrency({ processors, memory: gibibytes * 2 ** 30 })).toBe(wanted)
})
