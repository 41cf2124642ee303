import { describe, expect, it } from 'vitest'
import { expand, truthOf } from './gyp-condition.ts'

const values: Record<string, string> = { OS: 'linux', sqlite: 'internal', node_version: '22' }
const lookup = (name: string) => values[name]

describe('truthOf', () => {
  it.each([
    ['OS=="linux"', true],
    ["OS == 'win'", false],
    ['OS!="win"', true],
    ['OS in "linux freebsd openbsd"', true],
    ["OS in ['mac', 'win']", false],
    ['OS=="linux" and sqlite!="internal"', false],
    ['OS=="mac" or (OS=="linux" and sqlite=="internal")', true],
    ['not OS=="linux"', false],
    ['node_version>=20', true],
    ['node_version<20', false],
    ['"<(OS)"=="linux"', true],
    ['<(node_version)==22', true],
    ['target_arch=="arm64"', undefined],
    ['OS=="win" and target_arch=="arm64"', false],
    ['OS=="linux" or target_arch=="arm64"', true],
    ['"<!(echo $V)" != "1"', undefined],
    ['with_jpeg', undefined],
    ['', undefined],
    ['((((', undefined],
    ['OS ==', undefined],
  ])('%s', (condition, expected) => {
    expect(truthOf(condition, lookup)).toBe(expected)
  })
})

describe('expand', () => {
  it('knows a text only when it knows all of it', () => {
    expect(expand('a-<(OS)-b', lookup)).toBe('a-linux-b')
    expect(expand('a-<(module_name)', lookup)).toBeUndefined()
    expect(expand('<!(pkg-config --libs cairo)', lookup)).toBeUndefined()
  })
})
