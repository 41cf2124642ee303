import { expect, it } from 'vitest'
import { hostArchives } from '../../src/debian/archive/host-archives.ts'
import { assembleBase, type DebianPorts } from '../../src/debian/index.ts'
import { parsePlatforms } from '../../src/oci/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { options, realPorts } from './real-ports.ts'

/** Without records of other tests, which would spare the verification. */
function forgetful(cache: DebianPorts['cache']): DebianPorts['cache'] {
  return {
    openBlob: (content, cancel) => cache.openBlob(content, cancel),
    addBlob: (content, source, cancel) => cache.addBlob(content, source, cancel),
    record: async () => undefined,
    setRecord: async () => {},
  }
}

describeWith(['apt-get', 'gpg'], 'a host without Debian', () => {
  it.each(['bookworm', 'trixie'])(
    'assembles %s from a mirror that is named, with the keys that come along',
    async (suite) => {
      const { release } = await hostArchives('/', suite)
      const ports = await realPorts()
      const request = {
        suite,
        node: '22',
        platforms: parsePlatforms('linux/arm64'),
        mirror: release[0]?.uri ?? '',
      }
      const { hostRoot: _, ...elsewhere } = { ...ports, cache: forgetful(ports.cache) }
      const base = await assembleBase(request, elsewhere, options)
      expect(base.suite.codename).toBe(suite)
      expect(base.findings).toEqual([])
      const withHost = await assembleBase({ suite, node: '22', platforms: request.platforms }, ports, options)
      expect(base.key).toBe(withHost.key)
    },
  )

  it('trusts keys that this Debian trusts as well', async () => {
    const { debianArchiveKeys } = await import('../../src/debian/keyring/debian-archive-keys.ts')
    const show = ['--show-keys', '--with-colons']
    const fingerprints = (listing: string) =>
      [...listing.matchAll(/^fpr:+([0-9A-F]{40}):/gm)].map((match) => match[1])
    const ours = fingerprints(await run('gpg', show, { input: debianArchiveKeys }))
    const theirs = fingerprints(await run('gpg', [...show, '/usr/share/keyrings/debian-archive-keyring.gpg']))
    expect(ours.length).toBeGreaterThan(9)
    expect(ours.filter((fingerprint) => !theirs.includes(fingerprint))).toEqual([])
  })
})
