import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parsePlatforms } from '../../src/oci/index.ts'
import { assembleBase } from '../../src/debian/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { options, realPorts, unpackLayers } from './real-ports.ts'

describeWith(['openssl', 'tar', 'sh'], 'the certificate store', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certificates-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** Names of a folder, with the targets of links. */
  const listing = async (path: string, omit: RegExp) => {
    const names = (await readdir(path)).filter((name) => !omit.test(name)).sort()
    return Promise.all(
      names.map(
        async (name) => `${name} ${(await readlink(join(path, name)).catch(() => '-')).replace(folder, '')}`,
      ),
    )
  }

  it('is what the package makes of it when its own script is run', async () => {
    const request = { suite: 'bookworm', node: '22', platforms: parsePlatforms('linux/amd64') }
    const [platform] = (await assembleBase(request, await realPorts(), options)).platforms
    await unpackLayers(platform?.layers.slice(0, 1) ?? [], folder)
    const at = (path: string) => join(folder, path)
    const made = at('made')
    await mkdir(made)
    await mkdir(at('local'), { recursive: true })
    await cp(at('etc/ca-certificates.conf'), at('conf'))
    // The script writes absolute links to the folder that it is given: ours are the same below the image's root.
    const places = [
      '--certsconf',
      at('conf'),
      '--certsdir',
      at('usr/share/ca-certificates'),
      '--localcertsdir',
      at('local'),
    ]
    await run('sh', [
      at('usr/sbin/update-ca-certificates'),
      ...places,
      '--etccertsdir',
      made,
      '--hooksdir',
      '',
    ])
    const ours = await listing(at('etc/ssl/certs'), /^ca-certificates\.crt$/)
    expect(ours.length).toBeGreaterThan(200)
    expect(ours).toEqual(await listing(made, /^ca-certificates\.crt$/))
    const bundle = await readFile(at('etc/ssl/certs/ca-certificates.crt'), 'utf8')
    expect(bundle).toBe(await readFile(join(made, 'ca-certificates.crt'), 'utf8'))
  })
})
