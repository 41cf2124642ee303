/** A container of nothing but `unshare` and a change of root, for machines without any runtime. */
import { readFile, readlink } from 'node:fs/promises'
import { type CancelOptions, sleep } from '../../../base/index.ts'
import { startAttached } from '../../process/attached-process.ts'
import { LogTail } from '../../process/log-tail.ts'
import { runTool } from '../../process/run-tool.ts'
import { signalNumber } from '../../process/signals.ts'
import type { Container, Ending, ExecOutcome } from '../runner.ts'
import { addressIn } from './network.ts'
import { type ProcessSettings, processSettings } from './process-settings.ts'
import { isRefusedByKernel } from './program-format.ts'
import type { FolderRequest, RootFolder } from './root-folder.ts'

const namespaces = [
  '--mount',
  '--propagation=private',
  '--pid',
  '--fork',
  '--kill-child=KILL',
  '--ipc',
  '--uts',
]

// $1 the root, $2 user, $3 group, $4 working directory, $5 ro or rw, $6 own or shared (network), the rest: the program. All mounts
// go with the namespace.
const inside = `
root=$1 uid=$2 gid=$3 cwd=$4 mode=$5 network=$6; shift 6
tool=$(command -v unshare)
[ "$network" = shared ] || ip link set lo up || exit 126
mkdir -p "$root/proc" "$root/dev" "$root/sys" &&
mount --bind "$root" "$root" &&
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
[ "$mode" = rw ] || mount -o remount,bind,ro "$root" || exit 126
export PATH="$IMAGE_PATH"; unset IMAGE_PATH OLDPWD PWD
exec "$tool" --root="$root" --wd="$cwd" --setgid="$gid" --setuid="$uid" "$@"
`

// The rest: a program for a container, found by our own PATH, which then sees the image's.
const asImage = `tool=$(command -v nsenter); export PATH="$IMAGE_PATH"; unset IMAGE_PATH OLDPWD PWD; exec "$tool" "$@"`

const maxOutput = 4000

export async function startInNamespaces(folder: RootFolder, request: FolderRequest): Promise<Container> {
  const { root, image, env: own, janitor, groups } = folder
  const settings = await processSettings(image, request, root)
  if (await isRefusedByKernel(root, settings)) return refused(`exec format error: ${settings.argv[0]}`)
  const { argv, env, cwd, user } = settings
  const { ownNetwork, readOnly } = request
  const place = [
    root,
    `${user.uid}`,
    `${user.gid}`,
    cwd,
    readOnly ? 'ro' : 'rw',
    ownNetwork ? 'own' : 'shared',
  ]
  const group = await groups.make(request.memory)
  const [tool = '', ...started] = [
    ...group.entering,
    'unshare',
    ...namespaces,
    ...(ownNetwork ? ['--net'] : []),
    'sh',
    '-c',
    inside,
    'sh',
    ...place,
    ...argv,
  ]
  const variables = { ...env, PATH: own.PATH, IMAGE_PATH: env.PATH }
  const attached = startAttached(tool, started, { env: variables })
  janitor.watch(attached.child)
  const first = () => firstProcess(attached.child.pid)
  const ended = attached.exitCode.then(async (exitCode) => ({
    ...endingOf(exitCode, attached.log.lines),
    outOfMemory: await group.ranOut(exitCode),
  }))
  return {
    log: attached.log,
    ended,
    address: async (port) => addressIn(ownNetwork ? await first() : undefined, port, own),
    async signal(name) {
      send(await first(), name)
    },
    exec: async (words, options) => execIn(await first(), words, settings, variables, options),
    async [Symbol.asyncDispose]() {
      // A process that became another user is no longer told of its parent's death. With the first one, all others end.
      const pid = await first()
      attached.kill()
      send(pid, 'SIGKILL')
      await ended
      await group.remove()
    },
  }
}

/** The first process of the namespace: the one child of `unshare`. */
async function firstProcess(parent: number | undefined): Promise<number | undefined> {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => '')
  return Number(children.split(' ')[0]) || undefined
}

/**
 * Waits until the first process is the image's: before that it is a shell of ours that still sees the machine's files, and a
 * program that joined it would be one of the machine's. False when it does not get there.
 */
async function hasChangedRoot(pid: number, { signal }: CancelOptions): Promise<boolean> {
  for (let look = 0; look < 250; look++) {
    const root = await readlink(`/proc/${pid}/root`).catch(() => undefined)
    if (root === undefined) return false
    if (root !== '/') return true
    await sleep(20, { signal })
  }
  return false
}

function send(pid: number | undefined, name: string): void {
  try {
    if (pid !== undefined) process.kill(pid, signalNumber(name))
  } catch {
    // It ended meanwhile.
  }
}

async function execIn(
  pid: number | undefined,
  argv: readonly string[],
  { user }: ProcessSettings,
  env: Readonly<Record<string, string | undefined>>,
  options: CancelOptions & { timeout: number },
): Promise<ExecOutcome> {
  if (pid === undefined || !(await hasChangedRoot(pid, options))) return { exitCode: 1, output: '' }
  const entering = ['--mount', '--uts', '--ipc', '--net', '--pid', '--root', '--wd']
  const over = AbortSignal.timeout(options.timeout)
  const { exitCode, stdout, stderr } = await runTool(
    'sh',
    [
      '-c',
      asImage,
      'sh',
      `--target=${pid}`,
      ...entering,
      `--setgid=${user.gid}`,
      `--setuid=${user.uid}`,
      ...argv,
    ],
    { env, ...options },
  )
  return { exitCode: over.aborted ? undefined : exitCode, output: `${stdout}${stderr}`.slice(-maxOutput) }
}

function refused(startFailure: string): Container {
  return {
    log: new LogTail(),
    ended: Promise.resolve({ exitCode: 126, outOfMemory: false, startFailure }),
    address: async () => undefined,
    signal: async () => {},
    exec: async () => ({ exitCode: 126, output: '' }),
    async [Symbol.asyncDispose]() {},
  }
}

function endingOf(exitCode: number, log: readonly string[]): Omit<Ending, 'outOfMemory'> {
  const last = log.at(-1)
  const isRefusal = (exitCode === 126 || exitCode === 127) && last?.startsWith('unshare: ')
  return { exitCode, ...(isRefusal ? { startFailure: last } : {}) }
}
