import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AssembledBase,
  assembleBase,
  type DebianPorts,
  type PlatformBase,
} from '../../src/debian/index.ts'
import { type Digest, formatPlatform, parsePlatforms } from '../../src/oci/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { run } from '../engines/run.ts'
import { documentation, dpkgComplaints } from './dpkg-verify.ts'
import { differences, fileTree } from './file-tree.ts'
import { options, realPorts, unpackLayers } from './real-ports.ts'
import { serveTls } from './serve-tls.ts'

/** What scripts would have made, and what dpkg writes. */
const generated =
  /^(etc\/(passwd|group|shadow|gshadow|hosts|networks|nsswitch\.conf|localtime|timezone|profile|motd|opt|ca-certificates\.conf|ssl\/certs\/.*|dpkg\/origins\/default)|home\/node|root\/\.(profile|bashrc)|(mnt|srv|opt|media)|usr\/local(\/.*)?|run\/lock|var\/(opt|mail|spool\/mail|lock|run|log\/.*|lib\/dpkg\/.*))$/

describe.each(['bookworm', 'trixie'])('the base assembled from %s', (suite) => {
  describeWith(
    ['qemu', 'tar', 'dpkg-deb', 'dpkg', 'readelf', 'openssl', 'chroot', 'unshare'],
    'as a root file system',
    () => {
      let folder: string
      let base: AssembledBase
      let ports: DebianPorts
      const sizes = new Map<Digest, number>()
      beforeAll(async () => {
        await ensureQemu(['arm64'])
        folder = await mkdtemp(join(tmpdir(), 'rootfs-'))
        ports = await realPorts()
        const cache: DebianPorts['cache'] = {
          openBlob: (content, cancel) => {
            sizes.set(content.digest, content.size)
            return ports.cache.openBlob(content, cancel)
          },
          addBlob: (content, source, cancel) => ports.cache.addBlob(content, source, cancel),
          record: (area, key) => ports.cache.record(area, key),
          setRecord: (area, key, value) => ports.cache.setRecord(area, key, value),
        }
        const platforms = parsePlatforms('linux/amd64,linux/arm64')
        base = await assembleBase({ suite, node: '22', platforms }, { ...ports, cache }, options)
        for (const platform of base.platforms) {
          await mkdir(rootOf(platform))
          await unpackLayers(platform.layers, rootOf(platform))
        }
      })
      afterAll(() => rm(folder, { recursive: true }))

      const rootOf = ({ platform }: PlatformBase, kind = 'root') =>
        join(folder, `${kind}-${platform.architecture}`)
      const inside = (platform: PlatformBase, ...command: string[]) =>
        run('chroot', [rootOf(platform), ...command])

      describe.each([0, 1])('platform %d', (at) => {
        const current = () => base.platforms[at] as PlatformBase

        /** The same packages as dpkg-deb and GNU tar unpack them onto merged /usr. */
        const reference = async (): Promise<string> => {
          const root = rootOf(current(), 'reference')
          for (const name of ['bin', 'lib', 'sbin', ...(at === 0 ? ['lib64'] : [])]) {
            await mkdir(join(root, 'usr', name), { recursive: true })
            await symlink(`usr/${name}`, join(root, name))
          }
          for (const { name, sha256 } of current().packages) {
            const digest = `sha256:${sha256}` as Digest
            const deb = await ports.cache.openBlob({ digest, size: sizes.get(digest) ?? 0 }, options)
            expect(deb).toBeDefined()
            const file = join(folder, `${name}.deb`)
            if (deb) await pipeline(deb(options), createWriteStream(file))
            const extract = `dpkg-deb --fsys-tarfile "$1" | tar --extract --numeric-owner --same-permissions --keep-directory-symlink --directory "$2"`
            await run('sh', ['-e', '-c', extract, 'sh', file, root])
          }
          return root
        }

        it('has the files of its packages as GNU tar unpacks them, and nothing that is not accounted for', async () => {
          const [ours, theirs] = [await fileTree(rootOf(current())), await fileTree(await reference())]
          expect(theirs.size).toBeGreaterThan(1000)
          const expected = new Map(
            [...theirs].filter(([path]) => !documentation.test(path) && !/^var\/(run|lock)$/.test(path)),
          )
          expect(differences(expected, ours)).toEqual([])
          const added = [...ours.keys()].filter((path) => !theirs.has(path))
          expect(added.filter((path) => !generated.test(path))).toEqual([])
        })

        it('is known to dpkg, which finds every file as it should be', async () => {
          const root = rootOf(current())
          const format = '${binary:Package} ${Version} ${db:Status-Abbrev}\n'
          const listed = await run('dpkg-query', [
            `--admindir=${root}/var/lib/dpkg`,
            '--show',
            '--showformat',
            format,
          ])
          const names = listed
            .trim()
            .split('\n')
            .map((line) => line.replace(/:\S+/, '').trim())
          expect(names).toEqual(current().packages.map(({ name, version }) => `${name} ${version} ii`))
          expect(await dpkgComplaints(root)).toEqual([])
        })

        it('runs Node, as root and as node, with names, time zones and certificates', async () => {
          const program = `
          const { userInfo } = require('node:os')
          const { lookup } = require('node:dns/promises')
          process.env.TZ = 'Asia/Tokyo'
          lookup('localhost').then(({ address }) => console.log(JSON.stringify({
            version: process.version, arch: process.arch, glibc: process.report.getReport().header.glibcVersionRuntime,
            user: userInfo().username, home: userInfo().homedir, hour: new Date(0).getHours(), address })))`
          const facts = {
            version: `v${base.node}`,
            arch: at === 0 ? 'x64' : 'arm64',
            glibc: current().libc.version,
            hour: 9,
          }
          const said = async (...more: string[]) =>
            JSON.parse(await run('chroot', [...more, rootOf(current()), 'node', '-e', program])) as object
          expect(await said()).toMatchObject({
            ...facts,
            user: 'root',
            home: '/root',
            address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
          })
          expect(await said('--userspec=node')).toMatchObject({ ...facts, user: 'node', home: '/home/node' })
        })

        it('has every library that its programs need', async () => {
          const root = rootOf(current())
          const programs = ['usr/local/bin/node', 'usr/bin/tini']
          const needed = await run('readelf', ['--dynamic', ...programs.map((path) => join(root, path))])
          const libraries = [...needed.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name as string)
          expect(libraries.length).toBeGreaterThan(5)
          const there = [...(await fileTree(join(root, 'usr/lib'))).keys()].map((path) =>
            path.slice(path.lastIndexOf('/') + 1),
          )
          expect(libraries.filter((name) => !there.includes(name))).toEqual([])
        })

        it('starts through tini, which passes the exit code on', async () => {
          const asFirstProcess = ['--pid', '--fork', 'chroot', rootOf(current())]
          const started = run('unshare', [
            ...asFirstProcess,
            'tini',
            '--',
            'node',
            '-p',
            'process.pid;process.exit(7)',
          ])
          await expect(started).rejects.toThrow(': 7')
        })

        it('trusts the certificates that it has', async () => {
          await using server = await serveTls(join(rootOf(current()), 'tmp'))
          const get = `fetch(process.argv[1]).then((answer) => answer.text()).then(console.log, (error) => console.log(error.cause.code))`
          const ask = (...env: string[]) =>
            inside(current(), '/usr/local/bin/node', ...env, '-e', get, server.url)
          expect((await ask()).trim()).toBe('SELF_SIGNED_CERT_IN_CHAIN')
          await server.addTo(join(rootOf(current()), 'etc/ssl/certs'))
          // OpenSSL finds it by the hash of its name, as it does the ones that we linked.
          const env = ['env', 'SSL_CERT_DIR=/etc/ssl/certs']
          const trusting = await run(env[0] as string, [
            env[1] as string,
            'chroot',
            rootOf(current()),
            'node',
            '--use-openssl-ca',
            '-e',
            get,
            server.url,
          ])
          expect(trusting.trim()).toBe('hello')
        })
      })
      it('says which platform is which', () => {
        expect(base.platforms.map(({ platform }) => formatPlatform(platform))).toEqual([
          'linux/amd64',
          'linux/arm64',
        ])
      })
    },
  )
})
