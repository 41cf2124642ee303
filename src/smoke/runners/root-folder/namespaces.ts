/** A container of nothing but `unshare` and a change of root, for machines without any runtime. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startAttached } from '../../process/attached-process.ts'
import { signalNumber } from '../../process/signals.ts'
import type { Container, Ending, StartRequest } from '../runner.ts'
import { processSettings } from './process-settings.ts'
import type { RootFolder } from './runtime.ts'

const namespaces = [
  '--mount',
  '--propagation=private',
  '--pid',
  '--fork',
  '--kill-child=KILL',
  '--ipc',
  '--uts',
]

// $1 file for the process id, the rest: what is run in namespaces of its own.
const remembered = 'echo $$ >"$1"; shift; exec "$@"'

// $1 the root, $2 user, $3 group, $4 working directory, the rest: the program. All mounts go with the namespace.
const inside = `
root=$1 uid=$2 gid=$3 cwd=$4; shift 4
tool=$(command -v unshare)
mkdir -p "$root/proc" "$root/dev" "$root/sys" &&
mount -t proc proc "$root/proc" &&
mount --rbind -o ro /sys "$root/sys" &&
mount -t tmpfs -o mode=755 tmpfs "$root/dev" &&
mkdir -m 1777 "$root/dev/shm" || exit 126
for device in null zero full random urandom tty; do
  : >"$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"; ln -s fd/1 "$root/dev/stdout"; ln -s fd/2 "$root/dev/stderr"
for file in /etc/resolv.conf /etc/hosts; do
  if [ -f "$root$file" ]; then mount --bind "$file" "$root$file"; fi
done
export PATH="$IMAGE_PATH"; unset IMAGE_PATH OLDPWD PWD
exec "$tool" --root="$root" --wd="$cwd" --setgid="$gid" --setuid="$uid" "$@"
`

export async function startInNamespaces(
  { path, root, image, env: own }: RootFolder,
  request: StartRequest,
): Promise<Container> {
  const { argv, env, cwd, user } = await processSettings(image, request, root)
  const folder = join(path, `container-${randomBytes(6).toString('hex')}`)
  await mkdir(folder)
  const pidFile = join(folder, 'pid')
  const started = [
    'unshare',
    ...namespaces,
    'sh',
    '-c',
    inside,
    'sh',
    root,
    `${user.uid}`,
    `${user.gid}`,
    cwd,
    ...argv,
  ]
  const attached = startAttached('sh', ['-c', remembered, 'sh', pidFile, ...started], {
    env: { ...env, PATH: own.PATH, IMAGE_PATH: env.PATH },
  })
  const ended = attached.exitCode.then((exitCode) => endingOf(exitCode, attached.log.lines))
  // A process that became another user is no longer told of its parent's death. With the first one, all others end.
  const kill = async () => {
    const pid = await firstProcess(attached.pid)
    attached.kill()
    if (pid) send(pid, 'SIGKILL')
  }
  return {
    log: attached.log,
    ended,
    address: async (port) => ({ host: '127.0.0.1', port }),
    async signal(name) {
      const pid = await firstProcess(attached.pid)
      if (pid) send(pid, name)
    },
    kill,
    async [Symbol.asyncDispose]() {
      await kill()
      await ended
    },
  }
}

/** The first process of the namespace: the one child of `unshare`. */
async function firstProcess(parent: number | undefined): Promise<number | undefined> {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => '')
  return Number(children.split(' ')[0]) || undefined
}

function send(pid: number, name: string): void {
  try {
    process.kill(pid, signalNumber(name))
  } catch {
    // It ended meanwhile.
  }
}

function endingOf(exitCode: number, log: readonly string[]): Ending {
  const last = log.at(-1)
  const refused = (exitCode === 126 || exitCode === 127) && last?.startsWith('unshare: ')
  return { exitCode, outOfMemory: false, ...(refused ? { startFailure: last } : {}) }
}
