/** The glibc that packages' prebuilt binaries need: read from the binaries of these versions. */
import type { LockedPackage } from '../../lockfile/index.ts'

interface Floor {
  /** major versions for which it was found */
  majors: readonly number[]
  glibc: string
  /** npm's name of the CPU when it is one binary only that needs it */
  cpu?: string
}

const floors = new Map<string, Floor>([
  ['better-sqlite3', { majors: [13], glibc: '2.38', cpu: 'arm64' }],
  ['argon2', { majors: [0], glibc: '2.34' }],
  ['sodium-native', { majors: [5], glibc: '2.33' }],
  ['classic-level', { majors: [3], glibc: '2.34' }],
  ['lmdb', { majors: [3], glibc: '2.34' }],
])

/** What a locked package's binary needs at least, and for which CPU when not for all; undefined when it is not known. */
export function glibcFloor({
  name,
  version = '',
}: LockedPackage): { glibc: string; cpu?: string } | undefined {
  const floor = floors.get(name)
  const major = Number.parseInt(version, 10)
  // argon2 0.45 is what was looked at; older ones were built elsewhere.
  if (!floor?.majors.includes(major) || (name === 'argon2' && !/^0\.4[5-9]/u.test(version))) return undefined
  return floor
}

/** Whether one version of glibc is older than another, both as major.minor. */
export function isOlder(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return majorA < majorB || (majorA === majorB && minorA < minorB)
}
