/** How crun or runc is called: its state in the image's folder, and no cgroups, which would be left behind if we were killed. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** crun refuses machines whose cgroups are of both versions, although it uses none here: it gets to see one of them only. */
const mixedGroups = '/sys/fs/cgroup/unified'
const withoutMixedGroups = [
  'unshare',
  '--mount',
  '--propagation=private',
  'sh',
  '-c',
  `umount --lazy ${mixedGroups}; exec "$@"`,
  'sh',
]

/** The words before `run`, `kill` or `delete`. */
export function runtimeCommand(program: 'crun' | 'runc', folder: string): [string, ...string[]] {
  const state = ['--root', join(folder, 'state')]
  if (program === 'runc') return ['runc', ...state]
  const crun = ['crun', ...state, '--cgroup-manager=disabled'] as const
  if (!existsSync(`${mixedGroups}/cgroup.controllers`)) return [...crun]
  const [unshare = '', ...rest] = withoutMixedGroups
  return [unshare, ...rest, ...crun]
}
