/** Fetching through npm's own libraries and configuration, against a registry that misbehaves in every way that we foresee. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../../src/base/index.ts'
import { type LockedPackage, parsePackageLock } from '../../src/lockfile/index.ts'
import type { PackageSource } from '../../src/npm/index.ts'
import {
  bytes,
  cutOff,
  inTurn,
  json,
  loopbackRegistry,
  type LoopbackRegistry,
  status,
  tarballOf,
} from './registry.ts'
import { openWorkplace, signal, type Workplace } from './workplace.ts'

const odd = tarballOf('odd', '1.0.0', 'the real one')
const other = tarballOf('odd', '1.0.0', 'another one')
const path = '/odd/-/odd-1.0.0.tgz'

let registry: LoopbackRegistry
let folder: string
let opened: Workplace[]

beforeEach(async () => {
  registry = await loopbackRegistry()
  folder = await realpath(await mkdtemp(join(tmpdir(), 'everyarch-fetching-')))
  opened = []
})
afterEach(async () => {
  await registry[Symbol.asyncDispose]()
  for (const place of opened) await place[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** Tools over the project folder, with a cache of its own and npm told not to wait long. */
async function open(env: Record<string, string> = {}): Promise<Workplace> {
  const place = await openWorkplace(folder, {
    npm_config_registry: registry.url,
    npm_config_cache: join(folder, 'cache'),
    npm_config_fetch_retries: '0',
    ...env,
  })
  opened.push(place)
  return place
}

function locked(entry: Record<string, unknown>, name = 'odd'): LockedPackage {
  const packages = { '': {}, [`node_modules/${name}`]: { version: '1.0.0', ...entry } }
  const lock = parsePackageLock(JSON.stringify({ lockfileVersion: 3, packages }), 'package-lock.json')
  return lock.packages.get(`node_modules/${name}`) as LockedPackage
}

async function indexOf(source: PackageSource, entry: LockedPackage, file = 'index.js'): Promise<string> {
  await using content = await source.unpack(entry, { signal })
  const found = content.file(file)
  return found ? String(await collect(found.content({ signal }), found.size, file)) : 'none'
}

describe('a tarball of the registry', () => {
  const entry = locked({ integrity: odd.integrity })

  it("is fetched once, into npm's cache, where npm finds it too", async () => {
    registry.answers.set(path, bytes(odd.content))
    const { source, fetched } = await open()
    expect(await indexOf(source, entry)).toBe('the real one')
    expect(await indexOf(source, entry)).toBe('the real one')
    expect(registry.requests).toEqual([path])
    expect(fetched).toEqual(['odd'])
    const later = await open({ npm_config_offline: 'true' })
    expect(await indexOf(later.source, entry)).toBe('the real one')
  })

  it('is found through the packument where the registry keeps it elsewhere', async () => {
    registry.answers.set('/elsewhere/odd.tgz', bytes(odd.content))
    const dist = { tarball: `${registry.url}/elsewhere/odd.tgz`, integrity: odd.integrity }
    registry.answers.set(
      '/odd',
      json({ name: 'odd', versions: { '1.0.0': { name: 'odd', version: '1.0.0', dist } } }),
    )
    const { source } = await open()
    expect(await indexOf(source, entry)).toBe('the real one')
  })

  it('is asked of the registry in use when the lock names the public one, and of its own place when it names another', async () => {
    registry.answers.set(path, bytes(odd.content))
    const { source, config } = await open()
    const recorded = locked({
      integrity: odd.integrity,
      resolved: `${config.defaultRegistry}odd/-/odd-1.0.0.tgz`,
    })
    expect(await indexOf(source, recorded)).toBe('the real one')
    await using mirror = await loopbackRegistry()
    mirror.answers.set('/files/odd.tgz', bytes(other.content))
    const elsewhere = locked({ integrity: other.integrity, resolved: `${mirror.url}/files/odd.tgz` })
    expect(await indexOf(source, elsewhere)).toBe('another one')
  })

  it('comes with the token of its registry, and no other registry sees that', async () => {
    await using scoped = await loopbackRegistry()
    registry.answers.set(path, bytes(odd.content))
    scoped.answers.set('/@s/odd/-/odd-1.0.0.tgz', bytes(other.content))
    const host = registry.url.replace('http:', '')
    await writeFile(
      join(folder, '.npmrc'),
      `@s:registry=${scoped.url}\n${host}/:_authToken=\${TOKEN_OF_TEST}\n`,
    )
    const { source, config } = await open({ TOKEN_OF_TEST: 'of-this-test' })
    expect(await indexOf(source, entry)).toBe('the real one')
    expect(await indexOf(source, locked({ integrity: other.integrity }, '@s/odd'))).toBe('another one')
    expect(registry.tokens).toEqual(['Bearer of-this-test'])
    expect(scoped.tokens).toEqual([undefined])
    const { env: _env, ...settings } = config
    expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings)).not.toContain('of-this-test')
  })

  it('is held against every kind of hash that a lock has', async () => {
    registry.answers.set(path, bytes(odd.content))
    const { source } = await open()
    expect(await indexOf(source, locked({ integrity: odd.sha1 }))).toBe('the real one')
    expect(await indexOf(source, locked({ integrity: `${odd.sha1} ${odd.integrity}` }))).toBe('the real one')
  })

  it('is fetched again when it was cut off, and when the cache was damaged', async () => {
    registry.answers.set(path, inTurn(cutOff(odd.content), bytes(odd.content)))
    const { source } = await open()
    expect(await indexOf(source, entry)).toBe('the real one')
    const content = join(folder, 'cache/_cacache/content-v2')
    const names = await readdir(content, { recursive: true, withFileTypes: true })
    const file = names.find((name) => name.isFile())
    await writeFile(join(file?.parentPath ?? '', file?.name ?? ''), 'damaged')
    expect(await indexOf(source, entry)).toBe('the real one')
  })

  it('that is large is verified and mended in the cache too', async () => {
    const large = tarballOf('odd', '1.0.0', randomBytes(6 << 20).toString('hex'))
    expect(large.content.byteLength).toBeGreaterThan(5 << 20)
    registry.answers.set(path, bytes(large.content))
    const { source, fetched } = await open()
    const whole = await indexOf(source, locked({ integrity: large.integrity }))
    const content = join(folder, 'cache/_cacache/content-v2')
    const names = await readdir(content, { recursive: true, withFileTypes: true })
    const file = names.find((name) => name.isFile())
    const place = join(file?.parentPath ?? '', file?.name ?? '')
    const damaged = await readFile(place)
    damaged.fill(0, 3 << 20, (3 << 20) + 10)
    await writeFile(place, damaged)
    expect(await indexOf(source, locked({ integrity: large.integrity }))).toBe(whole)
    expect(fetched).toEqual(['odd', 'odd'])
  })

  it.each([
    [404, 'NPM_PACKAGE_NOT_FOUND', 'registry'],
    [401, 'NPM_UNAUTHORIZED', 'npm login'],
    [403, 'NPM_UNAUTHORIZED', 'npm login'],
    [500, 'NPM_REGISTRY_UNREACHABLE', 'npm ping'],
  ])('answered with %i is %s', async (code, expected, hint) => {
    registry.answers.set(path, status(code))
    registry.answers.set('/odd', status(code))
    const { source } = await open()
    const error: unknown = await source.unpack(entry, { signal }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: expected, kind: 'environment', details: { package: 'odd@1.0.0' } })
    expect(error).toMatchObject({
      hint: expect.stringContaining(hint),
      message: expect.stringContaining('odd@1.0.0'),
    })
  })

  it('that is another one is refused, with both hashes', async () => {
    registry.answers.set(path, bytes(other.content))
    const { source } = await open()
    await expect(source.unpack(entry, { signal })).rejects.toMatchObject({
      code: 'NPM_INTEGRITY',
      details: {
        package: 'odd@1.0.0',
        expected: odd.integrity,
        got: expect.stringContaining(other.integrity),
      },
    })
  })

  it('cannot be had from a registry that is down, or when npm is offline', async () => {
    const { source } = await open({ npm_config_registry: 'http://127.0.0.1:9' })
    await expect(source.unpack(entry, { signal })).rejects.toMatchObject({
      code: 'NPM_REGISTRY_UNREACHABLE',
      retryable: true,
    })
    const offline = await open({ npm_config_offline: 'true' })
    await expect(offline.source.unpack(entry, { signal })).rejects.toMatchObject({ code: 'NPM_OFFLINE' })
  })

  it('is not waited for after an interruption', async () => {
    registry.answers.set(path, () => {})
    const { source } = await open()
    const interruption = new AbortController()
    const unpacking = source.unpack(entry, { signal: interruption.signal })
    setTimeout(() => interruption.abort(), 50)
    await expect(unpacking).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})

describe('certificates', () => {
  it('that nobody vouches for are named as such; cafile makes them good', async () => {
    const subject = [
      '-subj',
      '/CN=127.0.0.1',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-days',
      '1',
      '-nodes',
    ]
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject],
      { stdio: 'pipe' },
    )
    await using secure = await loopbackRegistry({
      key: await readFile(key, 'utf8'),
      cert: await readFile(cert, 'utf8'),
    })
    secure.answers.set(path, bytes(odd.content))
    const entry = locked({ integrity: odd.integrity })
    const untrusting = await open({ npm_config_registry: secure.url, npm_config_cafile: '' })
    await expect(untrusting.source.unpack(entry, { signal })).rejects.toMatchObject({
      code: 'NPM_CERTIFICATE',
      hint: expect.stringMatching(/cafile.*NODE_EXTRA_CA_CERTS/s),
    })
    const trusting = await open({ npm_config_registry: secure.url, npm_config_cafile: cert })
    expect(await indexOf(trusting.source, entry)).toBe('the real one')
  })
})

describe('a package that does not come from a registry', () => {
  it('may be a remote tarball without hash', async () => {
    registry.answers.set('/files/odd.tgz', bytes(odd.content))
    const { source } = await open()
    const remote = locked({ resolved: `${registry.url}/files/odd.tgz` })
    expect(await indexOf(source, remote)).toBe('the real one')
    expect(await indexOf(source, remote)).toBe('the real one')
    expect(registry.requests).toHaveLength(1)
  })

  it('may be a tarball or a folder of the project', async () => {
    await mkdir(join(folder, 'packs'))
    await writeFile(join(folder, 'packs/odd.tgz'), odd.content)
    await mkdir(join(folder, 'lib/src'), { recursive: true })
    await writeFile(
      join(folder, 'lib/package.json'),
      JSON.stringify({ name: 'lib', version: '1.0.0', files: ['src'] }),
    )
    await writeFile(join(folder, 'lib/src/a.js'), 'of the folder')
    await writeFile(join(folder, 'lib/notes.txt'), 'not packed')
    const { source } = await open()
    expect(await indexOf(source, locked({ resolved: 'file:packs/odd.tgz', integrity: odd.integrity }))).toBe(
      'the real one',
    )
    const lib = locked({ resolved: 'file:lib' }, 'lib')
    expect(await indexOf(source, lib, 'src/a.js')).toBe('of the folder')
    expect(await indexOf(source, lib, 'notes.txt')).toBe('none')
    await expect(
      source.unpack(locked({ resolved: 'file:packs/gone.tgz' }), { signal }),
    ).rejects.toMatchObject({
      code: 'NPM_PACKAGE_NOT_FOUND',
      kind: 'usage',
    })
  })

  it('may be a commit of a git repository', async () => {
    const repository = join(folder, 'repository')
    await mkdir(repository)
    await writeFile(join(repository, 'package.json'), JSON.stringify({ name: 'odd', version: '1.0.0' }))
    await writeFile(join(repository, 'index.js'), 'committed')
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: repository,
        encoding: 'utf8',
      })
    git('init', '--quiet')
    git('add', '.')
    git('commit', '--quiet', '-m', 'one')
    const commit = git('rev-parse', 'HEAD').trim()
    await writeFile(join(repository, 'index.js'), 'later')
    git('commit', '--quiet', '-am', 'two')
    const { source } = await open({ npm_config_ignore_scripts: 'true' })
    expect(await indexOf(source, locked({ resolved: `git+file://${repository}#${commit}` }))).toBe(
      'committed',
    )
    const gone = locked({ resolved: `git+file://${folder}/nowhere#${commit}` })
    await expect(source.unpack(gone, { signal })).rejects.toMatchObject({
      code: 'NPM_GIT_UNREACHABLE',
      message: expect.stringContaining('odd@1.0.0'),
    })
  })
})

it('says of an npm configuration that cannot be used that it cannot', async () => {
  await writeFile(join(folder, '.npmrc'), '_authToken=too-broad\n')
  await expect(open()).rejects.toMatchObject({ code: 'NPM_CONFIG_INVALID', kind: 'usage' })
})
