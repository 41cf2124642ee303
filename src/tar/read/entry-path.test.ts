import { describe, expect, it } from 'vitest'
import { depthOf, resolveEntryPath, resolveLinkPath } from './entry-path.ts'

describe('resolveEntryPath', () => {
  it.each([
    ['usr/bin/node', 'usr/bin/node', []],
    ['./usr/bin', 'usr/bin', []],
    ['./', '', []],
    ['.', '', []],
    ['a//b/./c/', 'a/b/c', []],
    ['/etc/passwd', 'etc/passwd', ['absolute-path']],
    ['//', '', ['absolute-path']],
    ['..', '..', ['parent-segment']],
    ['a/../../b', 'a/../../b', ['parent-segment']],
    ['./../b', '../b', ['parent-segment']],
    ['..a/b..', '..a/b..', []],
    ['a\0b', 'a\0b', ['nul-byte']],
    ['', '', ['empty-path']],
    ['\\a\\..', '\\a\\..', []],
  ])('reads the directory %j', (raw, path, problems) => {
    expect(resolveEntryPath(raw, 'directory')).toEqual({ path, problems })
  })

  it('has no file at the root', () => {
    expect(resolveEntryPath('./', 'file').problems).toEqual(['empty-path'])
  })
})

describe('resolveLinkPath', () => {
  it.each([
    ['x', 'a/b', []],
    ['../x', 'a/b', []],
    ['../../x', 'a/b', ['link-escape']],
    ['..', 'b', ['link-escape']],
    ['c/../../x', 'a/b', []],
    ['c/../../../x', 'a/b', ['link-escape']],
    ['/usr/lib', 'a/b', ['absolute-link']],
    ['/../x', 'a/b', ['absolute-link', 'link-escape']],
    ['', 'a/b', ['empty-link']],
    ['a\0', 'a/b', ['nul-byte']],
  ])('keeps the symbolic link target %j of %j', (raw, path, problems) => {
    expect(resolveLinkPath(raw, path, 'symlink')).toEqual({ path: raw, problems })
  })

  it.each([
    ['./a/b', 'a/b', []],
    ['/a/b', 'a/b', ['absolute-link']],
    ['../a', '../a', ['link-escape']],
    ['./', '', ['empty-link']],
  ])('normalises the hard link target %j', (raw, target, problems) => {
    expect(resolveLinkPath(raw, 'x/y', 'hardlink')).toEqual({ path: target, problems })
  })
})

it('counts segments', () => {
  expect(['', 'a', 'a/b', 'a/b/c'].map(depthOf)).toEqual([0, 1, 2, 3])
})
