import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { assembleBase } from '../../src/debian/index.ts'
import { parsePlatforms } from '../../src/oci/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { options, realPorts } from './real-ports.ts'

/** What packages depend on for their scripts, which are not run here; apt takes it along, with what it needs itself. */
const forScripts = ['adduser', 'debconf', 'dpkg', 'init-system-helpers', 'mawk', 'openssl', 'ucf']

describeWith(['apt-get', 'dpkg'], 'the packages that are chosen', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apt-'))
    for (const path of ['state/lists/partial', 'cache/archives/partial'])
      await mkdir(join(folder, path), { recursive: true })
    await writeFile(join(folder, 'status'), '')
    await apt('update')
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** apt with this machine's sources, and an installation that is empty. */
  const apt = (...args: string[]) => {
    const directories = { State: 'state', 'State::status': 'status', Cache: 'cache' }
    const flags = Object.entries(directories).flatMap(([name, path]) => [
      '-o',
      `Dir::${name}=${join(folder, path)}`,
    ])
    return run('apt-get', [...flags, '-o', 'APT::Architecture=amd64', '-o', 'Debug::NoLocking=1', ...args])
  }
  const aptChooses = async (names: readonly string[]): Promise<string[]> => {
    const said = await apt('install', '--simulate', '--no-install-recommends', ...names)
    return [...said.matchAll(/^Inst (\S+) \((\S+) /gm)]
      .map(([, name, version]) => `${name} ${version}`)
      .sort()
  }

  it('are those of apt, but for scripts', async () => {
    const wanted = ['libvips42', 'ghostscript', 'ffmpeg', 'git']
    const request = { suite: 'bookworm', node: '22', platforms: parsePlatforms('linux/amd64') }
    const choose = async (packages: string[]) => {
      const [platform] = (await assembleBase({ ...request, packages }, await realPorts(), options)).platforms
      return platform?.packages ?? []
    }
    const always = (await choose([])).map((usual) => usual.name)
    const ours = (await choose(wanted)).map((chosen) => `${chosen.name} ${chosen.version}`)
    const [theirs, scripts] = [
      await aptChooses([...always, ...wanted]),
      await aptChooses([...always, ...forScripts]),
    ]
    expect(ours.length).toBeGreaterThan(always.length + 100)
    expect(ours.filter((line) => !theirs.includes(line))).toEqual([])
    expect(theirs.filter((line) => !ours.includes(line) && !scripts.includes(line))).toEqual([])
  })
})
