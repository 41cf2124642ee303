/** What every assembled base holds, and which dependencies of it serve only scripts that are not run. */
import type { Dependency } from '../control/relation.ts'

/** The roots of the default set; their dependencies follow. */
export const defaultPackages: readonly string[] = [
  'base-files',
  'ca-certificates',
  'libatomic1', // Node needs it on 32-bit Arm, and everywhere from Node 26 on
  'libc6',
  'libgcc-s1',
  'libstdc++6',
  'netbase', // names of ports and protocols
  'tini',
  'tzdata',
]

/**
 * Dependencies that exist for maintainer scripts. No script runs here: what those of the default packages would do is done
 * by rootfs/, so awk, debconf, perl and openssl need not be in the image.
 */
const scriptDependencies: Readonly<Record<string, readonly string[]>> = {
  '*': ['adduser', 'cdebconf', 'debconf', 'debconf-2.0', 'dpkg', 'init-system-helpers', 'ucf'],
  'base-files': ['awk'],
  bash: ['base-files', 'debianutils'],
  'ca-certificates': ['openssl'],
  dash: ['debianutils'],
}

/** Whether a package needs a dependency for nothing but its scripts. */
export function servesScriptsOnly(packageName: string, dependency: Dependency): boolean {
  const names = [...(scriptDependencies['*'] ?? []), ...(scriptDependencies[packageName] ?? [])]
  return dependency.every(({ name }) => names.includes(name))
}
