/** The configuration of a container for crun and runc (OCI runtime specification, config.md). */
import { existsSync } from 'node:fs'
import type { ProcessSettings } from './process-settings.ts'
import type { FolderRequest } from './root-folder.ts'

/** Docker's default set: what images are used to. */
const capabilities = [
  'CAP_AUDIT_WRITE',
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_MKNOD',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_RAW',
  'CAP_SETFCAP',
  'CAP_SETGID',
  'CAP_SETPCAP',
  'CAP_SETUID',
  'CAP_SYS_CHROOT',
]

const mounts = [
  { destination: '/proc', type: 'proc', source: 'proc' },
  { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'],
  },
  {
    destination: '/dev/shm',
    type: 'tmpfs',
    source: 'shm',
    options: ['nosuid', 'noexec', 'nodev', 'size=65536k'],
  },
  { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
  {
    destination: '/sys',
    type: 'none',
    source: '/sys',
    options: ['rbind', 'nosuid', 'noexec', 'nodev', 'ro'],
  },
]

const networkFiles = ['/etc/resolv.conf', '/etc/hosts']
  .filter((path) => existsSync(path))
  .map((path) => ({
    destination: path,
    type: 'bind',
    source: path,
    options: ['bind', 'ro'],
  }))

/**
 * Own process, mount, IPC and host-name namespaces, and a network where it is asked for. `root` is an absolute path; `bound`, in bytes
 * of memory, is for runtimes that make control groups of their own.
 */
export function bundleConfig(
  { argv, env, cwd, user }: ProcessSettings,
  root: string,
  { readOnly = false, ownNetwork }: FolderRequest,
  bound?: number,
): object {
  const types = ['pid', 'mount', 'ipc', 'uts', ...(ownNetwork ? ['network'] : [])]
  const kept = user.uid === 0 ? capabilities : []
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid: user.uid, gid: user.gid },
      args: argv,
      env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      cwd,
      capabilities: { bounding: capabilities, effective: kept, permitted: kept },
      noNewPrivileges: false,
    },
    root: { path: root, readonly: readOnly },
    hostname: 'smoke',
    mounts: [...mounts, ...networkFiles],
    linux: {
      namespaces: types.map((type) => ({ type })),
      ...(bound === undefined ? {} : { resources: { memory: { limit: bound } } }),
      maskedPaths: ['/proc/kcore', '/proc/keys', '/proc/timer_list'],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  }
}
