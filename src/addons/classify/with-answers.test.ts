import { expect, it } from 'vitest'
import type { AddonPackage, AddonStatus } from './addon-package.ts'
import { withAnswers } from './with-answers.ts'

const download = (url: string): AddonStatus => ({ status: 'download', evidence: 'prebuild-install', url })

function statuses(builder: AddonPackage['builder'], platforms: Record<string, AddonStatus>) {
  const addon = { name: 'x', ...(builder ? { builder } : {}), platforms } as AddonPackage
  const published = new Map([
    ['https://a', true],
    ['https://b', false],
  ])
  return Object.values(withAnswers(addon, published).platforms)
}

it('takes what is published, and leaves compiling or nothing where it is not', () => {
  const platforms = { one: download('https://a'), two: download('https://b'), three: download('https://c') }
  const reason = 'nothing is published at https://b'
  const [first, second, third] = statuses('node-gyp', platforms)
  expect(first).toEqual({ ...download('https://a'), published: true })
  expect(second).toEqual({ status: 'compile', evidence: 'prebuild-install', reason })
  expect(third).toEqual(download('https://c'))
  expect(statuses(undefined, platforms)[1]).toMatchObject({ status: 'impossible', reason })
})
