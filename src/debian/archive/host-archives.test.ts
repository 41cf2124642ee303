import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostArchives } from './host-archives.ts'
import { mirrorArchives } from './mirror-archives.ts'

describe('hostArchives', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'apt-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const places = async (suite: string) => {
    const { release, updates, security } = await hostArchives(root, suite)
    const text = (archives: typeof release) => archives.map((archive) => `${archive.uri} ${archive.suite}`)
    return { release: text(release), updates: text(updates), security: text(security) }
  }

  it('takes the sources of the suite, with their options', async () => {
    await write('etc/apt/sources.list', 'deb http://a.example/debian/ bookworm main\n')
    await write(
      'etc/apt/sources.list.d/debian.sources',
      'Types: deb\nURIs: https://s.example/debian-security\nSuites: bookworm-security\nComponents: main\nSigned-By: /k.gpg\n',
    )
    await write('etc/apt/sources.list.d/debian.sources.disabled', 'nonsense')
    await write('etc/apt/apt.conf.d/99expired', 'Acquire::Check-Valid-Until "no";')
    const { release, updates, security } = await hostArchives(root, 'bookworm')
    const checks = { checkValidUntil: false, checkDate: true }
    expect(release).toEqual([
      {
        uri: 'http://a.example/debian',
        suite: 'bookworm',
        trust: [{ kind: 'apt' }, { kind: 'debian' }],
        ...checks,
      },
    ])
    expect(updates).toEqual([])
    expect(security).toEqual([
      {
        uri: 'https://s.example/debian-security',
        suite: 'bookworm-security',
        trust: [{ kind: 'signed-by', value: '/k.gpg' }],
        ...checks,
      },
    ])
  })

  it('looks for another suite at the places of the one that the host has', async () => {
    await write(
      'etc/apt/sources.list',
      `deb http://a.example/debian bookworm main
deb http://a.example/debian bookworm-updates main
deb http://s.example/debian-security bookworm-security main
deb http://vendor.example/linux bookworm stable
deb http://vendor.example/tools nodistro main
deb mirror+file:/etc/apt/mirrors.txt bookworm main`,
    )
    expect(await places('trixie')).toEqual({
      release: ['http://a.example/debian trixie'],
      updates: ['http://a.example/debian trixie-updates'],
      security: ['http://s.example/debian-security trixie-security'],
    })
    expect(await places('sid')).toEqual({
      release: ['http://a.example/debian sid'],
      updates: [],
      security: [],
    })
  })

  it.each([
    ['no apt', undefined],
    ['only foreign archives', 'deb http://archive.example/ubuntu noble main\n'],
  ])('says what to do on a host with %s', async (_, text) => {
    if (text !== undefined) await write('etc/apt/sources.list', text)
    await expect(hostArchives(root, 'bookworm')).rejects.toMatchObject({
      code: 'DEBIAN_NO_MIRROR',
      hint: expect.stringContaining('--debian-mirror'),
    })
  })

  it('does not read a host that it may not read', async () => {
    await expect(hostArchives(undefined, 'bookworm')).rejects.toMatchObject({ code: 'DEBIAN_NO_MIRROR' })
  })
})

describe('mirrorArchives', () => {
  const security = (mirror: string) => mirrorArchives(mirror, 'bookworm', true).security.map(({ uri }) => uri)

  it('has release, updates and security of the suite', () => {
    const { release, updates } = mirrorArchives('https://m.example/debian/', 'bookworm', true)
    const common = {
      uri: 'https://m.example/debian',
      trust: [{ kind: 'debian' }],
      checkValidUntil: true,
      checkDate: true,
    }
    expect(release).toEqual([{ ...common, suite: 'bookworm' }])
    expect(updates).toEqual([{ ...common, suite: 'bookworm-updates' }])
  })

  it('looks for security updates beside the mirror, then in it', () => {
    expect(security('https://m.example/debian')).toEqual([
      'https://m.example/debian-security',
      'https://m.example/debian',
    ])
    expect(security('http://s.example/archive/debian/20250520T000000Z/')).toEqual([
      'http://s.example/archive/debian-security/20250520T000000Z',
      'http://s.example/archive/debian/20250520T000000Z',
    ])
    expect(security('file:///srv/debian/debian')).toEqual([
      'file:///srv/debian/debian-security',
      'file:///srv/debian/debian',
    ])
    expect(security('http://m.example/mirror')).toEqual(['http://m.example/mirror'])
  })

  it.each(['debian', 'ftp://m.example/debian', 'https://m.example/debian?x=1', ''])(
    'refuses %j',
    (mirror) => {
      expect(() => mirrorArchives(mirror, 'bookworm', true)).toThrow(
        expect.objectContaining({ code: 'DEBIAN_NO_MIRROR' }),
      )
    },
  )
})
