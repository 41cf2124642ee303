import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { assembleBase } from '../../src/debian/index.ts'
import { parsePlatforms } from '../../src/oci/index.ts'
import { cached, recipeHash } from '../engines/cache.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { differences, fileTree } from './file-tree.ts'
import { options, realPorts, unpackLayers } from './real-ports.ts'

/** What is different on purpose, and why. */
const onPurpose = [
  /^etc\/(passwd|group|shadow|gshadow): /, // root, nobody and node only
  /^home\/node: /,
  /^etc\/nsswitch\.conf: /, // no services for databases that are not there
  /^etc\/hosts: /, // mmdebstrap has put this machine's there
  /^etc\/ca-certificates\.conf: /, // without the comments
  /^etc\/timezone: /, // older suites have it, and programs read it
  /^usr\/local\/libexec: /, // newer suites have it
  /^var\/lib\/dpkg\/(status|available|diversions|statoverride): /, // of fewer packages
]

describe.each(['bookworm', 'trixie'])('the base assembled from %s', (suite) => {
  describeWith(['base-image', 'tar'], 'beside a real installation', () => {
    let folder: string
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'configured-'))
    })
    afterEach(() => rm(folder, { recursive: true }))

    it('has everything as dpkg has it once maintainer scripts have run', async () => {
      const platforms = parsePlatforms('linux/amd64')
      const base = await assembleBase({ suite, node: '22', platforms }, await realPorts(), options)
      const [platform] = base.platforms
      await unpackLayers(platform?.layers.slice(0, 1) ?? [], folder)
      const versions = (platform?.packages ?? []).map(({ name, version }) => `${name} ${version}`)
      const installed = await cached(`debian-installed-${suite}-${recipeHash(...versions)}`, async (root) => {
        const names = (platform?.packages ?? []).map(({ name }) => name)
        const flags = ['--quiet', '--mode=root', '--variant=minbase', `--include=${names.join(',')}`]
        await run('mmdebstrap', [...flags, suite, root])
      })
      const [ours, theirs] = [await fileTree(folder), await fileTree(installed)]
      expect(ours.size).toBeGreaterThan(1000)
      const unexpected = differences(ours, theirs).filter(
        (line) => !onPurpose.some((pattern) => pattern.test(line)),
      )
      expect(unexpected).toEqual([])
    })
  })
})
