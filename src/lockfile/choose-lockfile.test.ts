import { describe, expect, it } from 'vitest'
import { CodedError } from '../base/index.ts'
import { chooseLockfile } from './choose-lockfile.ts'

describe('chooseLockfile', () => {
  it('prefers npm-shrinkwrap.json, and npm to others', () => {
    expect(chooseLockfile(['package-lock.json', 'npm-shrinkwrap.json'])).toBe('npm-shrinkwrap.json')
    expect(chooseLockfile(['yarn.lock', 'package-lock.json'])).toBe('package-lock.json')
  })

  it.each([
    [['pnpm-lock.yaml'], 'LOCKFILE_UNSUPPORTED', 'pnpm'],
    [['yarn.lock'], 'LOCKFILE_UNSUPPORTED', 'Yarn'],
    [['bun.lockb'], 'LOCKFILE_UNSUPPORTED', 'Bun'],
    [['package.json'], 'LOCKFILE_MISSING', 'package-lock.json'],
  ])('refuses %j with %s', (names, code, word) => {
    let error: unknown
    try {
      chooseLockfile(names)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(CodedError)
    expect(error).toMatchObject({ code })
    expect((error as CodedError).message).toContain(word)
  })
})
