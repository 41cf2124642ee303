/** Layers that are broken or hostile: a finding, or a coded error; never a crash, never unbounded memory or time. */
import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { collect, fromBytes } from '../../src/base/index.ts'
import { mediaTypes } from '../../src/oci/index.ts'
import { buildElf } from '../../src/elf/testdata/elf-builder.ts'
import {
  faults,
  type Files,
  packLayer,
  signal,
  singleImage,
  storedLayer,
  type TestLayer,
  testImage,
  verify,
} from './image.ts'
import { StoreFault } from './store-fault.ts'

const amd64 = [{ os: 'linux', architecture: 'amd64' }]

async function check(layer: TestLayer | Files, limits = {}): Promise<string[]> {
  const image = await singleImage({ platform: 'linux/amd64', layers: [layer] })
  return faults(await verify(image, { platforms: amd64, limits }))
}

async function tarOf(files: Files): Promise<Uint8Array> {
  return collect((await packLayer(files)).content({ signal }), 2 ** 30, 'layer')
}

/** One header and its content, with a name and a type that the writer would refuse. */
function rawMember(
  name: Uint8Array | string,
  type: string,
  content: Uint8Array = Buffer.alloc(0),
  link = '',
): Buffer {
  const header = Buffer.alloc(512)
  header.set(Buffer.from(name as string).subarray(0, 100), 0)
  header.write('0000644\0', 100)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write(type, 156)
  header.write(link, 157)
  header.write('ustar\x0000', 257)
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)])
}

const end = Buffer.alloc(1024)
const raw = (...members: Buffer[]) => storedLayer(Buffer.concat([...members, end]), mediaTypes.ociLayer)
const corrupt = ['error image/corrupt-layer linux/amd64']

describe('content that does not decode', () => {
  it('a truncated archive', async () => {
    const bytes = await tarOf({ a: Buffer.alloc(5000, 1) })
    expect(await check(storedLayer(bytes.subarray(0, 2000), mediaTypes.ociLayer))).toEqual(corrupt)
  })

  it('a truncated gzip stream', async () => {
    const bytes = gzipSync(await tarOf({ a: Buffer.from('text'.repeat(5000)) }))
    expect(await check(storedLayer(bytes.subarray(0, -20), mediaTypes.ociLayerGzip))).toEqual(corrupt)
  })

  it('a damaged gzip stream', async () => {
    const bytes = gzipSync(await tarOf({ a: Buffer.from('text'.repeat(5000)) }))
    bytes[bytes.length - 6] = (bytes.at(-6) ?? 0) ^ 0xff
    expect(await check(storedLayer(bytes, mediaTypes.ociLayerGzip))).toEqual(corrupt)
  })

  it('garbage, and another compression', async () => {
    expect(await check(storedLayer(Buffer.alloc(2048, 0x55), mediaTypes.ociLayer))).toEqual(corrupt)
    const deflated = deflateRawSync(await tarOf({ a: 'text' }))
    expect(await check(storedLayer(deflated, mediaTypes.ociLayerGzip))).toEqual(corrupt)
  })

  it('an unknown media type', async () => {
    const layer = storedLayer(Buffer.alloc(1024), 'application/vnd.example.blob')
    expect(await check(layer)).toEqual(['error image/unknown-layer-type linux/amd64'])
  })

  it('content of another digest', async () => {
    const layer = await packLayer({ a: 'text' })
    expect(await check({ ...layer, content: fromBytes(Buffer.alloc(layer.descriptor.size)) })).toEqual(
      corrupt,
    )
  })

  it('a diffID of another layer', async () => {
    const layer = await packLayer({ a: 'text' })
    const other = await packLayer({ b: 'text' })
    expect(await check({ ...layer, diffId: other.diffId })).toEqual([
      'error image/diff-id-mismatch linux/amd64',
    ])
  })

  it('keeps other platforms’ verdicts', async () => {
    const broken = storedLayer(Buffer.alloc(2048, 0x55), mediaTypes.ociLayer)
    const image = await testImage([
      { platform: 'linux/amd64', layers: [broken] },
      { platform: 'linux/arm64', layers: [{ 'usr/bin/tool': buildElf({ machine: 62, type: 2 }) }] },
    ])
    expect(faults(await verify(image))).toEqual([
      ...corrupt,
      'error image/wrong-architecture linux/arm64 usr/bin/tool',
    ])
  })

  it('a network that fails is no finding', async () => {
    const layer = await packLayer({ a: 'text' })
    const content = async function* () {
      yield Buffer.alloc(0)
      throw new StoreFault('REGISTRY_UNREACHABLE')
    }
    await expect(check({ ...layer, content })).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
  })
})

describe('bombs', () => {
  it('a ratio that no file system has', async () => {
    const zeros = rawMember('zeros', '0', Buffer.alloc(100_000_000))
    const layer = storedLayer(gzipSync(Buffer.concat([zeros, end]), { level: 9 }), mediaTypes.ociLayerGzip)
    expect(await check(layer)).toEqual(corrupt)
  })

  it('more bytes, entries or depth than allowed', async () => {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`file-${index}`, 'text']))
    expect(await check(files, { decompress: { maxBytes: 10_000 } })).toEqual(corrupt)
    expect(await check(files, { tar: { maxEntries: 20 } })).toEqual(corrupt)
    expect(await check({ ['d/'.repeat(60) + 'file']: 'text' }, { tar: { maxDepth: 50 } })).toEqual(corrupt)
  })

  it('a sparse file that claims a terabyte', async () => {
    const pax = (records: string) => rawMember('pax', 'x', Buffer.from(records))
    const record = (text: string) => {
      const length = text.length + 1 + String(text.length + 4).length + 1
      return `${length} ${text}\n`
    }
    const claims = [
      'GNU.sparse.major=1',
      'GNU.sparse.minor=0',
      'GNU.sparse.name=huge',
      `GNU.sparse.realsize=${2 ** 40}`,
    ]
    const layer = raw(
      pax(claims.map(record).join('')),
      rawMember('huge', '0', Buffer.from('0\n'.padEnd(512, '\0'))),
    )
    expect(await check(layer)).toEqual(corrupt)
  })
})

describe('odd members', () => {
  it('a name that leads out of the root', async () => {
    expect(await check(raw(rawMember('../../etc/passwd', '0')))).toEqual([
      'error image/unsafe-entry linux/amd64 ../../etc/passwd',
    ])
  })

  it('an absolute name is the root of the image', async () => {
    expect(await check(raw(rawMember('/etc/passwd', '0')))).toEqual([])
  })

  it('a hard link to nowhere', async () => {
    expect(await check(raw(rawMember('a', '1', undefined, 'nowhere')))).toEqual([
      'error image/broken-hard-link linux/amd64 a',
    ])
  })

  it('links that go round in a circle', async () => {
    const image = await singleImage({
      platform: 'linux/amd64',
      layers: [{ a: { symlink: 'b' }, b: { symlink: 'a' }, c: { symlink: 'c/c/c' } }],
      config: { Entrypoint: ['/a/tool'], WorkingDir: '/c' },
    })
    expect(faults(await verify(image, { platforms: amd64 }))).toEqual([
      'error image/command-not-found linux/amd64 a/tool',
      'warning image/missing-working-directory linux/amd64 c',
    ])
  })

  it('a symbolic link out of the image is followed inside of it', async () => {
    const image = await singleImage({
      platform: 'linux/amd64',
      layers: [
        {
          entry: { symlink: '../../../bin/tool' },
          'bin/tool': { content: buildElf({ type: 2 }), mode: 0o755 },
        },
      ],
      config: { Entrypoint: ['/entry'] },
    })
    const report = await verify(image, { platforms: amd64 })
    expect(report.findings.filter(({ rule }) => rule === 'image/command-not-found')).toEqual([])
  })

  it('a name that is not UTF-8 gives a report that is JSON', async () => {
    const name = Buffer.concat([Buffer.from('bin/'), Buffer.from([0xff, 0xfe])])
    const layer = raw(rawMember(name, '0', buildElf({ machine: 183, type: 2 })))
    const image = await singleImage({ platform: 'linux/amd64', layers: [layer] })
    const report = await verify(image, { platforms: amd64 })
    expect(report.findings).toMatchObject([{ rule: 'image/wrong-architecture', path: 'bin/\uFFFD\uFFFD' }])
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })

  it('whiteouts of what is not there', async () => {
    expect(
      await check({ '.wh.nothing': '', 'a/.wh..wh..opq': '', '.wh.': '', 'b/.wh.x/file': 'text' }),
    ).toEqual([])
  })

  it('a file where a directory was', async () => {
    const image = await singleImage({
      platform: 'linux/amd64',
      layers: [{ 'a/b': 'text' }, { a: 'file' }, { 'a/c': 'text' }],
      config: { WorkingDir: '/a' },
    })
    expect(faults(await verify(image, { platforms: amd64 }))).toEqual([])
  })
})

describe('odd files', () => {
  it.each([
    ['cut in the header', buildElf({}).subarray(0, 30)],
    ['cut behind the header', buildElf({ needed: ['libc.so.6'] }).subarray(0, 100)],
    ['lying about its tables', lying()],
  ])('an ELF file %s', async (_, content) => {
    expect(await check({ 'usr/bin/tool': { content, mode: 0o755 } })).toEqual([
      'error image/damaged-binary linux/amd64 usr/bin/tool',
    ])
  })

  it('files that only begin like something', async () => {
    const files = {
      'etc/ld.so.cache': 'glibc-ld.so.cache1.1 and nothing more',
      'etc/passwd': Buffer.alloc(100, 0xff),
      'srv/package.json':
        '{"name": 5, "dependencies": [1], "os": {}, "binary": {"module_path": 1}, "scripts": "x"}',
      'app/node_modules/a/package.json': 'null',
      'app/node_modules/b/package.json': '[[[[',
      'bin/elf': '\x7fELF',
      'bin/script': '#!',
      'bin/pe': 'MZ',
      'bin/java': Buffer.from('cafebabe00000034', 'hex'),
    }
    expect(await check(files)).toEqual([])
  })
})

function lying(): Buffer {
  const bytes = buildElf({ needed: ['libc.so.6'], soname: 'x' })
  bytes.writeBigUInt64LE(0xffffffffffffff00n, 64 + 56 + 8) // the dynamic section's offset
  return bytes
}
