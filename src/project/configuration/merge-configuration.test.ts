import { describe, expect, it } from 'vitest'
import { mergeConfiguration } from './merge-configuration.ts'

describe('mergeConfiguration', () => {
  it('lets flags win, key by key', () => {
    const merged = mergeConfiguration(
      {
        build: 'make',
        platforms: ['linux/amd64'],
        image: { user: 'node', env: { A: '1', B: '1' }, ports: ['1/tcp'] },
      },
      { build: false, platforms: undefined, image: { env: { B: '2' }, ports: ['2/tcp'] } },
    )
    expect(merged).toEqual({
      build: false,
      platforms: ['linux/amd64'],
      image: { user: 'node', env: { A: '1', B: '2' }, ports: ['2/tcp'] },
    })
  })

  it('drops the cmd that belonged to another entrypoint', () => {
    const file = { image: { entrypoint: ['node', 'a.js'], cmd: ['--serve'] } }
    expect(mergeConfiguration(file, { image: { entrypoint: ['sh'] } }).image).toEqual({ entrypoint: ['sh'] })
    expect(mergeConfiguration(file, { image: { cmd: ['--x'] } }).image).toEqual({
      entrypoint: ['node', 'a.js'],
      cmd: ['--x'],
    })
  })

  it('joins accepted findings and keeps registries', () => {
    const one = { rule: 'a/b', reason: 'x' }
    const two = { rule: 'c/d', reason: 'y' }
    expect(
      mergeConfiguration(
        { verify: { ignore: [one] }, registry: { insecure: ['a'] } },
        { verify: { ignore: [two] }, registry: {} },
      ),
    ).toEqual({ verify: { ignore: [one, two] }, registry: { insecure: ['a'] } })
  })

  it('changes neither of the two', () => {
    const file = { image: { env: { A: '1' } } }
    mergeConfiguration(file, { image: { env: { A: '2' }, cmd: ['x'] } })
    expect(file).toEqual({ image: { env: { A: '1' } } })
    expect(mergeConfiguration({}, {})).toEqual({})
  })
})
