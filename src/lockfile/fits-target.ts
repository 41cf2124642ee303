/** Whether a package's `os`, `cpu`, `libc` and `engines` allow a target, exactly as npm decides it. */
import { satisfies } from 'semver'
import type { LockedPackage } from './package-lock.ts'

/** What a package must fit, in npm's names: `--os`, `--cpu`, `--libc` and the Node version that `engines` is held against. */
export interface NpmTarget {
  /** `linux`, `darwin`, `win32`, … */
  os: string
  /** `x64`, `arm64`, `arm`, `s390x`, `ppc64`, … */
  cpu: string
  /** absent where a system has no such choice */
  libc?: 'glibc' | 'musl'
  /** Node that will run the tree: optional packages whose `engines` exclude it are left out, as npm does; absent: not looked at */
  nodeVersion?: string
}

/** Whether os, cpu and libc allow the target. `libc` is what the package says of it when its lock entry says nothing. */
export function fitsPlatform(locked: LockedPackage, target: NpmTarget, libc = locked.libc): boolean {
  return (
    allows(locked.os, target.os) &&
    allows(locked.cpu, target.cpu) &&
    (libc === undefined || (target.libc !== undefined && allows(libc, target.libc)))
  )
}

/** Whether `engines.node` allows the target's Node, pre-releases included. */
export function fitsNode(locked: LockedPackage, { nodeVersion }: NpmTarget): boolean {
  const range = locked.engines.node
  if (nodeVersion === undefined || !range) return true
  return satisfies(nodeVersion, range, { includePrerelease: true })
}

/** npm's list rule: none of the negated values, and one of the others if there are any. */
function allows(list: readonly string[] | undefined, value: string): boolean {
  if (list === undefined || (list.length === 1 && list[0] === 'any')) return true
  const refused = list.filter((entry) => entry.startsWith('!')).map((entry) => entry.slice(1))
  if (refused.includes(value)) return false
  return refused.length === list.length || list.includes(value)
}
