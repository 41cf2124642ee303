import { expect, it } from 'vitest'
import { workSlots } from './work-slots.ts'

const gigabytes = (count: number) => count * 2 ** 30

it('compiles as many packages as there are processors, each with the calls that are left over', () => {
  expect(workSlots(9, { processors: 4, memory: gigabytes(16) })).toEqual({ tasks: 4, jobs: 1 })
  expect(workSlots(2, { processors: 8, memory: gigabytes(16) })).toEqual({ tasks: 2, jobs: 4 })
  expect(workSlots(1, { processors: 2, memory: gigabytes(16) })).toEqual({ tasks: 1, jobs: 2 })
})

it('keeps to the memory that is free, and always does something', () => {
  expect(workSlots(9, { processors: 16, memory: gigabytes(2) })).toEqual({ tasks: 2, jobs: 1 })
  expect(workSlots(9, { processors: 16, memory: 0 })).toEqual({ tasks: 1, jobs: 1 })
  expect(workSlots(0, { processors: 4, memory: gigabytes(16) })).toEqual({ tasks: 1, jobs: 4 })
})
