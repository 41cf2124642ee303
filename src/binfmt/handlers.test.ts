import { expect, it } from 'vitest'
import { handlerFor, obstacle, parseHandler } from './handlers.ts'

const arm64 = `enabled
interpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P
flags: POF
offset 0
magic 7f454c460201010000000000000000000200b700
mask ffffffffffffff00fffffffffffffffffeffffff
`

it('reads an entry as the kernel shows it', () => {
  expect(parseHandler('qemu-aarch64', arm64)).toEqual({
    name: 'qemu-aarch64',
    enabled: true,
    interpreter: '/usr/libexec/qemu-binfmt/aarch64-binfmt-P',
    flags: 'POF',
    architectures: ['arm64'],
  })
})

it('an enabled handler comes before one that is not', () => {
  const off = parseHandler('a', arm64.replace('enabled', 'disabled'))
  const on = parseHandler('b', arm64)
  expect(handlerFor({ mounted: true, enabled: true, handlers: [off, on] }, 'arm64')?.name).toBe('b')
  expect(handlerFor({ mounted: true, enabled: true, handlers: [off] }, 'arm64')?.enabled).toBe(false)
  expect(handlerFor({ mounted: true, enabled: true, handlers: [on] }, 's390x')).toBeUndefined()
})

it('handlers of scripts and nonsense serve nobody', () => {
  expect(
    parseHandler('python', 'enabled\ninterpreter /usr/bin/python3\nflags:\noffset 0\nmagic cb0d0d0a\n')
      .architectures,
  ).toEqual([])
  expect(parseHandler('x', '').architectures).toEqual([])
})

it('says what is in the way of an architecture, and nothing of a handler that also works in containers', () => {
  const binfmt = (text: string, more = {}) => ({
    mounted: true,
    enabled: true,
    handlers: [parseHandler('qemu', text)],
    ...more,
  })
  expect(obstacle(binfmt(arm64), 'arm64')).toBeUndefined()
  expect(obstacle(binfmt(arm64), 's390x')).toBe('no QEMU handler is registered')
  expect(obstacle(binfmt(arm64.replace('enabled', 'disabled')), 'arm64')).toBe('the handler qemu is disabled')
  expect(obstacle(binfmt(arm64.replace('POF', 'PO')), 'arm64')).toBe('the handler qemu lacks the F flag')
  expect(obstacle(binfmt(arm64, { enabled: false }), 'arm64')).toMatch('switched off')
  expect(obstacle(binfmt(arm64, { enabled: false, mounted: false }), 'arm64')).toMatch('not mounted')
})
