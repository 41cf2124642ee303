import { describe, expect, it } from 'vitest'
import { repositoryAddress, webAddress } from './web-address.ts'

describe('webAddress', () => {
  it.each([
    ['https://github.com/acme/shop.git', 'https://github.com/acme/shop'],
    ['https://user:token@github.com/acme/shop', 'https://github.com/acme/shop'],
    ['https://x-access-token:abc@git.example.com:8443/a/b.git/', 'https://git.example.com:8443/a/b'],
    ['http://git.local/a/b', 'http://git.local/a/b'],
    ['git@github.com:acme/shop.git', 'https://github.com/acme/shop'],
    ['ssh://git@git.example.com:2222/acme/shop.git', 'https://git.example.com/acme/shop'],
    ['git+ssh://git@github.com/acme/shop.git', 'https://github.com/acme/shop'],
    ['git+https://github.com/acme/shop.git', 'https://github.com/acme/shop'],
    ['git://github.com/acme/shop.git', 'https://github.com/acme/shop'],
    ['/srv/git/shop.git', undefined],
    ['../shop', undefined],
    ['file:///srv/git/shop.git', undefined],
    ['C:\\git\\shop', undefined],
    ['', undefined],
  ])('%j: %j', (text, address) => {
    expect(webAddress(text)).toBe(address)
  })

  it("knows package.json's shorthands, but only there", () => {
    expect(repositoryAddress('acme/shop')).toBe('https://github.com/acme/shop')
    expect(repositoryAddress('gitlab:acme/shop')).toBe('https://gitlab.com/acme/shop')
    expect(repositoryAddress('../shop')).toBeUndefined()
    expect(webAddress('acme/shop')).toBeUndefined()
  })
})
