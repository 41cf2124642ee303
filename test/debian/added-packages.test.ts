import { mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AssembledBase, assembleBase } from '../../src/debian/index.ts'
import { parsePlatforms } from '../../src/oci/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { dpkgComplaints } from './dpkg-verify.ts'
import { options, realPorts, unpackLayers } from './real-ports.ts'

describeWith(['tar', 'chroot', 'dpkg'], 'a base with added packages', () => {
  let folder: string
  let base: AssembledBase
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'added-'))
    const request = { suite: 'bookworm', node: '22', platforms: parsePlatforms('linux/amd64') }
    base = await assembleBase(
      { ...request, packages: ['dash', 'libvips42', 'mawk'] },
      await realPorts(),
      options,
    )
    await unpackLayers(base.platforms[0]?.layers ?? [], folder)
  })
  afterAll(() => rm(folder, { recursive: true }))
  const inside = (...command: string[]) => run('chroot', [folder, ...command])

  it('has a shell that Node starts', async () => {
    const program = `console.log(require('node:child_process').execSync('echo $0 $((6 * 7))').toString())`
    expect((await inside('node', '-e', program)).trim()).toBe('/bin/sh 42')
  })

  it('has links of update-alternatives', async () => {
    expect(await readlink(join(folder, 'usr/bin/awk'))).toBe('/etc/alternatives/awk')
    expect((await inside('awk', 'BEGIN { print 6 * 7 }')).trim()).toBe('42')
  })

  it('has libraries whose libraries are all found', async () => {
    const linker = '/lib64/ld-linux-x86-64.so.2'
    const found = await inside(linker, '--list', '/usr/lib/x86_64-linux-gnu/libvips.so.42')
    expect(found.split('\n').length).toBeGreaterThan(50)
    expect(found).not.toContain('not found')
  })

  it('has nothing that dpkg finds broken', async () => {
    expect(await dpkgComplaints(folder)).toEqual([])
    expect(base.findings.map(({ details }) => details?.['package'])).not.toContain('mawk')
  })
})
