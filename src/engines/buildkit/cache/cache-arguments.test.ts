import { describe, expect, it } from 'vitest'
import { parsePlatform } from '../../../oci/index.ts'
import { cacheArguments, ghaSizeWarning } from './cache-arguments.ts'

const inActions = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'u' }
const arm = [parsePlatform('linux/arm64')]
const of = (cacheFrom: string[], cacheTo: string[], apart = false, env: Record<string, string> = inActions) =>
  cacheArguments({ cacheFrom, cacheTo, env, ...(apart ? { apart: arm } : {}) })

describe('cacheArguments', () => {
  it('everything is cached, and a failed export fails no build', () => {
    expect(of(['type=gha'], ['type=gha']).cacheTo).toEqual(['type=gha,mode=max,ignore-error=true'])
    expect(of([], ['type=local,dest=c']).cacheTo).toEqual(['type=local,dest=c,mode=max'])
    expect(of([], ['type=inline']).cacheTo).toEqual(['type=inline'])
  })

  it('what was said stays', () => {
    expect(of([], ['type=registry,ref=r/a:c,mode=min,ignore-error=false']).cacheTo).toEqual([
      'type=registry,ref=r/a:c,mode=min,ignore-error=false',
    ])
  })

  it('what is written is read the next time, unless something else is read', () => {
    expect(of([], ['r.io/a:c']).cacheFrom).toEqual(['type=registry,ref=r.io/a:c'])
    expect(of([], ['type=local,dest=c']).cacheFrom).toEqual(['type=local,src=c'])
    expect(of(['r.io/b:c'], ['r.io/a:c']).cacheFrom).toEqual(['type=registry,ref=r.io/b:c'])
  })

  it.each([
    ['type=gha', 'type=gha,scope=buildkit-linux-arm64,mode=max,ignore-error=true'],
    ['type=gha,scope=shop', 'type=gha,scope=shop-linux-arm64,mode=max,ignore-error=true'],
    ['type=gha,scope=shop-arm64', 'type=gha,scope=shop-arm64,mode=max,ignore-error=true'],
    ['r:5000/shop:cache', 'type=registry,ref=r:5000/shop:cache-linux-arm64,mode=max,ignore-error=true'],
    ['r:5000/shop', 'type=registry,ref=r:5000/shop:linux-arm64,mode=max,ignore-error=true'],
    ['type=local,dest=out/', 'type=local,dest=out/linux-arm64,mode=max'],
    [
      'type=s3,region=eu,bucket=b',
      'type=s3,region=eu,bucket=b,name=buildkit-linux-arm64,mode=max,ignore-error=true',
    ],
  ])('platforms that are built apart have places of their own: %s', (given, expected) => {
    expect(of([], [given], true).cacheTo).toEqual([expected])
  })

  it('a platform that is built apart also reads what was written by builds of all', () => {
    expect(of(['type=gha'], [], true).cacheFrom).toEqual(['type=gha,scope=buildkit-linux-arm64', 'type=gha'])
  })

  it('values with commas stay quoted', () => {
    expect(of(['type=local,"src=a,b"'], []).cacheFrom).toEqual(['type=local,"src=a,b"'])
  })

  it.each([
    [{}, /only to actions/],
    [{ ...inActions, GITHUB_REF: 'refs/tags/v1' }, /branch or tag/],
    [{ ...inActions, GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-1' }, /merge queue/],
  ])('warns where the gha cache is useless: %j', (env, expected) => {
    const [warning] = of([], ['type=gha'], false, env).warnings
    expect(`${warning?.text} ${warning?.hint}`).toMatch(expected)
    expect(of([], ['r.io/a:c'], false, env).warnings).toEqual([])
  })

  it.each(['', 'type=', '=x', 'type=gha,scope', 'a=b'])('refuses %j', (text) => {
    expect(() => of([], [text])).toThrow(expect.objectContaining({ code: 'CACHE_OPTION_INVALID' }))
  })
})

it('an image that fills the gha cache', () => {
  expect(ghaSizeWarning(['type=gha'], 3e9)?.text).toContain('3.0 GB')
  expect(ghaSizeWarning(['type=gha'], 1e9)).toBeUndefined()
  expect(ghaSizeWarning(['r.io/a:c'], 3e9)).toBeUndefined()
})
