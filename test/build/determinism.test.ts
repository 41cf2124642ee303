/** The same inputs give the same digest: whatever the folder, the day, the umask, the time zone and the Node version. */
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../engines/describe-with.ts'
import { ensureNode } from '../engines/node.ts'
import { run } from '../engines/run.ts'

interface Index {
  manifests: { digest: string; platform?: { architecture: string } }[]
}

const root = join(import.meta.dirname, '../..')

describeWith(['npm', 'setpriv'], 'determinism', () => {
  let folder: string
  /** digest of the index, for both platforms */
  let first: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-determinism-'))
    await chmod(folder, 0o755)
    first = await build('first', process.execPath, 'umask 022; TZ=UTC LC_ALL=C exec')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Copies the example to a folder of its own, builds it with nothing of earlier builds, and returns the index digest. */
  async function build(
    name: string,
    node: string,
    prefix: string,
    more: readonly string[] = [],
  ): Promise<string> {
    const project = join(folder, name, 'work')
    await cp(join(root, 'examples/thumbnailer'), project, {
      recursive: true,
      filter: (path) => !/(node_modules|dist|out)$/.test(path),
    })
    await utimes(join(project, 'package.json'), 1_000_000_000, 1_000_000_000)
    const command = [
      node,
      join(root, 'dist/cli.js'),
      'build',
      project,
      '--output',
      `oci:${join(folder, name, 'image')}`,
    ]
    const words = [
      ...command,
      '--cache-dir',
      join(folder, name, 'cache'),
      '--iidfile',
      join(folder, name, 'iid'),
      ...more,
    ]
    await run('sh', ['-c', `${prefix} "$@"`, 'sh', ...words])
    return (await run('cat', [join(folder, name, 'iid')])).trim()
  }

  /** The manifest of a platform in the image of a build. */
  async function manifestOf(name: string, architecture: string): Promise<string | undefined> {
    const image = join(folder, name, 'image')
    const read = async (path: string) =>
      (JSON.parse(await readFile(join(image, path), 'utf8')) as Index).manifests
    const [index] = await read('index.json')
    const platforms = await read(`blobs/${index?.digest.replace(':', '/')}`)
    return platforms.find(({ platform }) => platform?.architecture === architecture)?.digest
  }

  it('gives one digest in another folder, with another umask, time zone, locale and Node', async () => {
    const second = await build(
      'a much longer name',
      await ensureNode(24),
      'umask 077; TZ=Asia/Tokyo LC_ALL=C.UTF-8 exec',
    )
    expect(first).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(second).toBe(first)
  })

  // The other user may read everything, for the checkout and Node may lie in folders of root's own, and writes only to his own.
  it.skipIf(process.getuid?.() !== 0)('gives the same digest to another system user', async () => {
    const theirs = join(folder, 'theirs')
    const home = join(theirs, 'home')
    await mkdir(home, { recursive: true })
    await chown(theirs, 65_534, 65_534)
    await chown(home, 65_534, 65_534)
    const user = 'setpriv --reuid=65534 --regid=65534 --clear-groups'
    const reads = '--inh-caps=+dac_read_search --ambient-caps=+dac_read_search'
    const prefix = `umask 077; exec ${user} ${reads} env HOME=${home}`
    expect(await build('theirs', process.execPath, prefix)).toBe(first)
  })

  it('gives a platform that is built alone the manifest that it has beside others', async () => {
    const alone = await build('alone', process.execPath, 'exec', ['--platform', 'linux/arm64'])
    expect(alone).not.toBe(first)
    expect(await manifestOf('alone', 'arm64')).toBe(await manifestOf('first', 'arm64'))
  })

  it('gives one digest with zstd too, and another than with gzip', async () => {
    const zstd = ['--compression', 'zstd', '--platform', 'linux/amd64']
    const old = await build('zstd-20', process.execPath, 'exec', zstd)
    expect(await build('zstd-24', await ensureNode(24), 'exec', zstd)).toBe(old)
    expect(await manifestOf('zstd-20', 'amd64')).not.toBe(await manifestOf('first', 'amd64'))
  })

  it('changes with SOURCE_DATE_EPOCH', async () => {
    const now = await build('epoch', process.execPath, 'SOURCE_DATE_EPOCH=1700000000 exec', [
      '--platform',
      'linux/amd64',
    ])
    const again = await build('epoch again', process.execPath, 'SOURCE_DATE_EPOCH=1700000000 exec', [
      '--platform',
      'linux/amd64',
    ])
    expect(again).toBe(now)
  })
})
