/**
 * What the maintainer scripts of the default packages do on a first installation, done without running them. The README of
 * this room has the table.
 */
import { accountEntries, groupIds } from './accounts.ts'
import { type DraftEntry, directory, symlink, textFile } from './draft-entry.ts'

/** Files of base-files that its script copies to their places, by the path they are copied from. */
export const copiedDefaults: ReadonlyMap<string, string> = new Map([
  ['usr/share/base-files/dot.profile', 'root/.profile'],
  ['usr/share/base-files/dot.bashrc', 'root/.bashrc'],
  ['usr/share/base-files/profile', 'etc/profile'],
  ['usr/share/base-files/motd', 'etc/motd'],
])

/**
 * The entries, in the order to be written. An entry whose path a package has filled is to be left out. `defaults` are the
 * contents of `copiedDefaults`, by the path that they are copied from.
 */
export function configuredFiles(defaults: ReadonlyMap<string, Uint8Array>): DraftEntry[] {
  const copies = [...copiedDefaults].flatMap(([from, to]) => {
    const content = defaults.get(from)
    return content ? [textFile(to, content)] : []
  })
  return [...copies, ...baseFiles(), ...accountEntries(), ...netbase(), ...tzdata(), nameServices()]
}

function baseFiles(): DraftEntry[] {
  const local = ['share', 'share/man', 'bin', 'games', 'lib', 'libexec', 'include', 'sbin', 'src', 'etc']
  const log = (name: string, mode: number) => textFile(`var/log/${name}`, '', { mode, gid: groupIds.utmp })
  return [
    symlink('etc/dpkg/origins/default', 'debian'),
    ...['mnt', 'srv', 'opt', 'etc/opt', 'var/opt', 'media'].map((path) => directory(path)),
    directory('var/mail', { mode: 0o2775, gid: groupIds.mail }),
    symlink('var/spool/mail', '../mail'),
    directory('run/lock', { mode: 0o1777 }),
    directory('usr/local'),
    ...local.map((path) => directory(`usr/local/${path}`)),
    symlink('usr/local/man', 'share/man'),
    log('wtmp', 0o664),
    log('btmp', 0o660),
    log('lastlog', 0o664),
  ]
}

/** Container engines put their own over `/etc/hosts`; a bare chroot or microVM has this one. */
function netbase(): DraftEntry[] {
  return [
    textFile(
      'etc/hosts',
      '127.0.0.1\tlocalhost\n::1\t\tlocalhost ip6-localhost ip6-loopback\nff02::1\t\tip6-allnodes\nff02::2\t\tip6-allrouters\n\n',
    ),
    textFile('etc/networks', 'default\t\t0.0.0.0\nloopback\t127.0.0.0\nlink-local\t169.254.0.0\n\n'),
  ]
}

function tzdata(): DraftEntry[] {
  return [symlink('etc/localtime', '/usr/share/zoneinfo/Etc/UTC'), textFile('etc/timezone', 'Etc/UTC\n')]
}

/** The C library's own defaults ask services for users that are not there; names come from files, hosts from DNS too. */
function nameServices(): DraftEntry {
  const services: Record<string, string> = {
    passwd: 'files',
    group: 'files',
    shadow: 'files',
    gshadow: 'files',
    hosts: 'files dns',
    networks: 'files',
    protocols: 'files',
    services: 'files',
    ethers: 'files',
    rpc: 'files',
    netgroup: 'files',
  }
  const lines = Object.entries(services).map(
    ([database, sources]) => `${`${database}:`.padEnd(16)}${sources}\n`,
  )
  return textFile('etc/nsswitch.conf', lines.join(''))
}
