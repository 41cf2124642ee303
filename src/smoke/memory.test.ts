import { describe, expect, it } from 'vitest'
import { defaultConcurrency, memoryOf, parseMemory } from './memory.ts'

const gibibyte = 2 ** 30

it.each([
  [8, 32, 4],
  [2, 32, 2],
  [8, 7, 3],
  [8, 0.2, 1],
])('with %i processors and %f GiB, %i platforms are tested at once', (processors, gibibytes, wanted) => {
  expect(defaultConcurrency([{}], { processors, memory: gibibytes * gibibyte })).toBe(wanted)
})

it('the probe that may take most decides how many', () => {
  const machine = { processors: 8, memory: 12 * gibibyte }
  expect(defaultConcurrency([{ memory: gibibyte }, { memory: 5 * gibibyte }], machine)).toBe(2)
  expect(defaultConcurrency([], machine)).toBe(4)
})

it('a container gets what its probe says, and otherwise no more than the machine has', () => {
  const machine = { processors: 1, memory: gibibyte }
  expect(memoryOf({ memory: 3 * gibibyte }, machine)).toBe(3 * gibibyte)
  expect(memoryOf({}, machine)).toBe(gibibyte)
  expect(memoryOf({}, { ...machine, memory: 64 * gibibyte })).toBe(2 * gibibyte)
})

describe('parseMemory', () => {
  it.each([
    ['512m', 512 * 2 ** 20],
    ['2G', 2 * gibibyte],
    ['8192k', 8 * 2 ** 20],
    ['10485760', 10 * 2 ** 20],
  ])('reads %s', (text, bytes) => {
    expect(parseMemory(text)).toBe(bytes)
  })

  it.each(['', 'm', '1.5g', '-1g', '5m', '2gb', '1 g', '0'])('refuses %j', (text) => {
    expect(() => parseMemory(text)).toThrow('is no size of memory')
  })
})
