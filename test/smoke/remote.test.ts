/** Engines that are elsewhere, for all platforms or for one: over TCP, with certificates, over SSH, by the name of a context. */
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SmokeReport } from '../../src/smoke/index.ts'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { freePort } from '../engines/free-port.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { run } from '../engines/run.ts'
import { type SshServer, startSsh } from '../engines/ssh.ts'
import { writeSmallService } from './small-service.ts'

/** For everyarch another machine's: it knows its own as 127.0.0.1. */
const elsewhere = '127.0.0.2'

describeWith(
  ['docker', 'qemu', 'ssh-server', 'openssl', 'gcc', 'aarch64-linux-gnu-gcc'],
  'an engine elsewhere',
  () => {
    let folder: string
    let docker: Docker
    let ssh: SshServer
    let relay: Server
    let tls: string
    let plain: string
    /** what a machine without an engine of its own has */
    let client: Record<string, string>

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'everyarch-remote-'))
      await ensureQemu(['arm64'])
      const certificates = await makeCertificates(join(folder, 'server'), join(folder, 'client'))
      const port = await freePort(elsewhere)
      docker = await startDocker({
        arguments: [...certificates, `--host=tcp://${elsewhere}:${port}`, `--ip=${elsewhere}`],
      })
      tls = `tcp://${elsewhere}:${port}`
      relay = createServer((socket) => {
        const engine = connect(docker.host.replace('unix://', ''))
        socket.on('error', () => engine.destroy()).pipe(engine)
        engine.on('error', () => socket.destroy()).pipe(socket)
      }).listen(0, '127.0.0.1')
      await once(relay, 'listening')
      plain = `tcp://127.0.0.1:${(relay.address() as { port: number }).port}`
      ssh = await startSsh(docker.env)
      client = {
        PATH: `${ssh.programs}:${docker.env.PATH}`,
        DOCKER_CONFIG: docker.env.DOCKER_CONFIG,
        DOCKER_HOST: '',
      }
      await writeSmallService({
        path: join(folder, 'image'),
        port: 3000,
        platforms: ['linux/amd64', 'linux/arm64'],
      })
      const files = ['ca', 'cert', 'key'].map((name) => `${name}=${join(folder, 'client', `${name}.pem`)}`)
      const create = ['context', 'create', 'builder', '--docker', `host=${tls},${files.join(',')}`]
      await docker.docker(create)
    })

    afterAll(async () => {
      relay.close()
      await ssh.stop()
      await docker.stop()
      await rm(folder, { recursive: true, force: true })
    })

    const smoke = (args: readonly string[], env: Record<string, string> = {}) =>
      everyarch(
        [
          'smoke',
          'oci:image',
          '--http',
          '3000/',
          '--stable-for',
          '0',
          '--cache-dir',
          'cache',
          '--json',
          ...args,
        ],
        { cwd: folder, env: { ...client, ...env } },
      )
    const passed = async (args: readonly string[], env?: Record<string, string>) => {
      const { platforms } = reportOf<SmokeReport>(await smoke(args, env))
      expect(await docker.docker(['ps', '--all', '--quiet'])).toBe('')
      expect(await docker.docker(['image', 'ls', '--all', '--quiet'])).toBe('')
      return platforms.map(
        ({ platform, runner, emulated }) => `${platform} ${runner}${emulated ? ', emulated' : ''}`,
      )
    }
    const verified = () => ({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(folder, 'client') })
    const at = (place: string) => [
      expect.stringMatching(new RegExp(`^linux/amd64 docker [\\d.]+\\S*${place}$`)),
      expect.stringMatching(new RegExp(`^linux/arm64 docker [\\d.]+\\S*${place}, emulated$`)),
    ]

    it('is found by DOCKER_HOST', async () => {
      expect(await passed(['--runner', 'docker'], { DOCKER_HOST: plain })).toEqual(at(''))
      expect(await passed(['--runner', 'docker'], { DOCKER_HOST: tls, ...verified() })).toEqual(
        at(` at ${elsewhere}`),
      )
      expect(await passed(['--runner', 'docker'], { DOCKER_HOST: `ssh://${ssh.address}` })).toEqual(
        at(' at 127.0.0.1'),
      )
    })

    it('is found by the name of a context', async () => {
      expect(await passed(['--runner', 'docker'], { DOCKER_CONTEXT: 'builder' })).toEqual(
        at(` at ${elsewhere}`),
      )
    })

    it('runs the platforms that it is named for', async () => {
      const runners = { 'linux/amd64': 'builder', 'linux/arm64': `ssh://${ssh.address}` }
      await writeFile(join(folder, 'runners.json'), JSON.stringify({ runners }))
      expect(await passed(['--config', 'runners.json'])).toEqual([
        at(` at ${elsewhere}`)[0],
        at(' at 127.0.0.1')[1],
      ])
      const flags = ['--runner', `linux/arm64=${plain}`, '--runner', 'unshare']
      expect(await passed(flags)).toEqual([expect.stringMatching(/^linux\/amd64 unshare/), at('')[1]])
    })

    it.each<[string, () => string, RegExp]>([
      ['without certificates', () => tls, /HTTP request to an HTTPS server/],
      ['at an address where nothing listens', () => 'tcp://127.0.0.1:1', /connection refused|Cannot connect/],
      ['over SSH without a key', () => `ssh://nobody@${ssh.address.split('@')[1]}`, /Permission denied/],
      ['of a context that does not exist', () => 'nowhere', /"nowhere"/],
    ])('is named with the reason when it does not answer %s', async (_, place, reason) => {
      const { exitCode, stderr } = await smoke(['--runner', `linux/arm64=${place()}`])
      expect(exitCode).toBe(3)
      expect(stderr).toMatch(reason)
      expect(stderr).toMatch(/does not answer/)
    })
  },
)

/** A certificate authority with a certificate of the engine and one of its client; the arguments of dockerd that use them. */
async function makeCertificates(server: string, client: string): Promise<string[]> {
  const openssl = (args: string) => run('openssl', args.split(' '))
  for (const folder of [server, client]) await mkdir(folder)
  const authority = join(server, 'ca')
  await openssl(
    `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ${authority}.key -out ${authority}.pem`,
  )
  for (const [folder, use] of [
    [server, 'serverAuth'],
    [client, 'clientAuth'],
  ] as const) {
    const extensions = join(folder, 'extensions')
    await writeFile(extensions, `extendedKeyUsage=${use}\nsubjectAltName=IP:${elsewhere}\n`)
    await openssl(
      `req -newkey rsa:2048 -nodes -subj /CN=${use} -keyout ${folder}/key.pem -out ${folder}/request.pem`,
    )
    await openssl(
      `x509 -req -days 2 -in ${folder}/request.pem -CA ${authority}.pem -CAkey ${authority}.key -CAcreateserial -extfile ${extensions} -out ${folder}/cert.pem`,
    )
  }
  await run('cp', [`${authority}.pem`, `${client}/ca.pem`])
  return [
    '--tlsverify',
    `--tlscacert=${authority}.pem`,
    `--tlscert=${server}/cert.pem`,
    `--tlskey=${server}/key.pem`,
  ]
}
