/** Users and groups: root, nobody and `node`, and the groups that own files of Debian packages, with Debian's static numbers. */
import { type DraftEntry, directory, textFile } from './draft-entry.ts'

export const groupIds = {
  root: 0,
  tty: 5,
  mail: 8,
  shadow: 42,
  utmp: 43,
  staff: 50,
  node: 1000,
  nogroup: 65534,
} as const

const users = [
  { name: 'root', id: 0, group: 0, home: '/root', shell: '/bin/sh' },
  { name: 'nobody', id: 65534, group: 65534, home: '/nonexistent', shell: '/usr/sbin/nologin' },
  { name: 'node', id: 1000, group: 1000, home: '/home/node', shell: '/bin/sh' },
] as const

/** No account has a password, and none can be given one by logging in. */
export function accountEntries(): DraftEntry[] {
  const lines = (make: (user: (typeof users)[number]) => string) =>
    users.map((user) => `${make(user)}\n`).join('')
  const groups = Object.entries(groupIds)
  return [
    textFile(
      'etc/passwd',
      lines(({ name, id, group, home, shell }) => `${name}:x:${id}:${group}:${name}:${home}:${shell}`),
    ),
    textFile('etc/group', groups.map(([name, id]) => `${name}:x:${id}:\n`).join('')),
    textFile(
      'etc/shadow',
      lines(({ name }) => `${name}:*:::::::`),
      { mode: 0o640, gid: groupIds.shadow },
    ),
    textFile('etc/gshadow', groups.map(([name]) => `${name}:*::\n`).join(''), {
      mode: 0o640,
      gid: groupIds.shadow,
    }),
    directory('home/node', { uid: 1000, gid: 1000 }),
  ]
}
