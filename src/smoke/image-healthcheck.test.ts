import { expect, it } from 'vitest'
import { imageHealthcheck } from './image-healthcheck.ts'

it('reads both forms, the shell of the image, and the time that a check may take', () => {
  const of = (...Test: string[]) => imageHealthcheck({ Healthcheck: { Test } })
  expect(of('CMD', 'node', 'check.js')).toEqual({ argv: ['node', 'check.js'], timeout: 30_000 })
  expect(of('CMD-SHELL', 'curl -f localhost')?.argv).toEqual(['/bin/sh', '-c', 'curl -f localhost'])
  const bash = { Shell: ['/bin/bash', '-c'], Healthcheck: { Test: ['CMD-SHELL', 'true'], Timeout: 5e9 } }
  expect(imageHealthcheck(bash)).toEqual({ argv: ['/bin/bash', '-c', 'true'], timeout: 5000 })
})

it('knows an image that has none', () => {
  for (const Test of [[], ['NONE'], ['CMD']])
    expect(imageHealthcheck({ Healthcheck: { Test } })).toBeUndefined()
  expect(imageHealthcheck(undefined)).toBeUndefined()
})
