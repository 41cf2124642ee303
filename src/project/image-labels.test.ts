import { expect, it } from 'vitest'
import { imageLabels } from './image-labels.ts'
import { parsePackageJson } from './package-json.ts'

const labels = (value: object, git = {}, epoch?: number) =>
  imageLabels(parsePackageJson(JSON.stringify(value), 'package.json'), git, epoch)

it('describes the image by package.json, git and SOURCE_DATE_EPOCH', () => {
  expect(
    labels(
      {
        name: '@acme/shop',
        version: '1.4.0',
        description: 'A shop',
        license: 'MIT',
        homepage: 'https://example.com',
        author: { name: 'Ann', email: 'ann@example.com' },
        repository: 'acme/other',
      },
      { revision: 'abc', dirty: true, source: 'https://github.com/acme/shop', branch: 'main' },
      1_700_000_000,
    ),
  ).toEqual({
    'org.opencontainers.image.title': '@acme/shop',
    'org.opencontainers.image.description': 'A shop',
    'org.opencontainers.image.version': '1.4.0',
    'org.opencontainers.image.licenses': 'MIT',
    'org.opencontainers.image.url': 'https://example.com',
    'org.opencontainers.image.source': 'https://github.com/acme/shop',
    'org.opencontainers.image.revision': 'abc-dirty',
    'org.opencontainers.image.authors': 'Ann <ann@example.com>',
    'org.opencontainers.image.created': '2023-11-14T22:13:20Z',
  })
})

it('says nothing that it does not know', () => {
  expect(labels({})).toEqual({})
  expect(labels({ license: 'UNLICENSED' })).toEqual({})
  expect(labels({ license: 'SEE LICENSE IN LICENSE.txt' })).toEqual({})
  expect(labels({ repository: 'github:acme/shop' })).toEqual({
    'org.opencontainers.image.source': 'https://github.com/acme/shop',
  })
})
