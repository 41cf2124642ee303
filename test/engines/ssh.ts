/** An SSH server on a free loopback port, and the `ssh` that may log in to it: OpenSSH with keys of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { EngineError, run } from './run.ts'

export interface SshServer {
  /** `root@127.0.0.1:PORT` */
  readonly address: string
  /** a folder for the start of PATH, whose `ssh` knows the server and has the key */
  readonly programs: string
  stop(): Promise<void>
}

const owned = join(import.meta.dirname, 'owned.sh')

/** Sessions have these variables. Ends with this process, however that ends. Needs root. */
export async function startSsh(variables: Readonly<Record<string, string>>): Promise<SshServer> {
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-ssh-'))
  const place = (name: string) => join(folder, name)
  const port = await freePort()
  const { username } = userInfo()
  for (const key of ['host', 'user']) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', place(key)])
  }
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${place('host')}`,
    `AuthorizedKeysFile ${place('user.pub')}`,
    `PidFile ${place('pid')}`,
    'StrictModes no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'UsePAM no',
    `SetEnv ${Object.entries(variables)
      .map(([name, value]) => `"${name}=${value}"`)
      .join(' ')}`,
  ]
  await writeFile(place('sshd_config'), `${settings.join('\n')}\n`)
  const known = `[127.0.0.1]:${port} ${await readFile(place('host.pub'), 'utf8')}`
  await writeFile(place('known_hosts'), known)
  const client = [
    `IdentityFile ${place('user')}`,
    'IdentitiesOnly yes',
    `UserKnownHostsFile ${place('known_hosts')}`,
  ]
  await writeFile(place('ssh_config'), `${client.join('\n')}\n`)
  const programs = place('bin')
  await mkdir(programs)
  const ssh = (await run('sh', ['-c', 'command -v ssh'])).trim()
  await writeFile(join(programs, 'ssh'), `#!/bin/sh\nexec ${ssh} -F ${place('ssh_config')} "$@"\n`, {
    mode: 0o755,
  })
  // Where sshd keeps the part of it that has no rights.
  await mkdir('/run/sshd', { recursive: true })
  const server = spawn(
    owned,
    [String(process.pid), folder, '/usr/sbin/sshd', '-D', '-e', '-f', place('sshd_config')],
    {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore'],
    },
  )
  server.unref()
  await answers(port, () => server.exitCode === null)
  return {
    address: `${username}@127.0.0.1:${port}`,
    programs,
    async stop() {
      server.ref()
      if (server.exitCode === null && server.kill()) await once(server, 'exit')
    },
  }
}

async function answers(port: number, runs: () => boolean): Promise<void> {
  for (const patience = Date.now() + 30_000; Date.now() < patience && runs(); await wait(50)) {
    const socket = connect(port, '127.0.0.1')
    const opened = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (opened) return
  }
  throw new EngineError('the SSH server does not answer')
}
