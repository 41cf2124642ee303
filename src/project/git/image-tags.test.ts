import { describe, expect, it } from 'vitest'
import { imageTags } from './image-tags.ts'

const revision = '0123456789abcdef0123456789abcdef01234567'
const tagsOf = (facts: Parameters<typeof imageTags>[0]) => imageTags(facts, { defaultBranch: 'main' })

describe('imageTags', () => {
  it('names a version by itself, its minor and its major', () => {
    expect(tagsOf({ tag: 'v1.4.2', revision })).toEqual(['1.4.2', '1.4', '1', 'sha-0123456'])
    expect(tagsOf({ tag: '2.0.0' })).toEqual(['2.0.0', '2.0', '2'])
    expect(tagsOf({ tag: 'v0.3.1' })).toEqual(['0.3.1', '0.3'])
  })

  it('moves no other tag for a pre-release', () => {
    expect(tagsOf({ tag: 'v2.0.0-rc.1' })).toEqual(['2.0.0-rc.1'])
    expect(tagsOf({ tag: 'v2.0.0-rc.1+build.5' })).toEqual(['2.0.0-rc.1-build.5'])
  })

  it('gives latest to the default branch alone', () => {
    expect(tagsOf({ branch: 'main', revision })).toEqual(['main', 'latest', 'sha-0123456'])
    expect(tagsOf({ branch: 'develop' })).toEqual(['develop'])
    expect(tagsOf({ tag: 'v1.0.0' })).not.toContain('latest')
  })

  it('makes a tag of any name', () => {
    expect(tagsOf({ branch: 'feature/new things' })).toEqual(['feature-new-things'])
    expect(tagsOf({ branch: '.hidden' })).toEqual(['hidden'])
    expect(tagsOf({ tag: 'nightly' })).toEqual(['nightly'])
    expect(tagsOf({ branch: 'x'.repeat(300) })[0]).toHaveLength(128)
    expect(tagsOf({ branch: '///' })).toEqual([])
    expect(tagsOf({})).toEqual([])
  })
})
