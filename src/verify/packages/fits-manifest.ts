/** Whether a package's `os`, `cpu` and `libc` allow a platform, as npm decides it. */
import type { PackageManifest } from '../layer/layer-facts.ts'
import type { Target } from './platform-label.ts'

export function fitsManifest({ os, cpu, libc }: PackageManifest, target: Target): boolean {
  return (
    allows(os, target.os) &&
    allows(cpu, target.cpu) &&
    (target.libc === undefined || allows(libc, target.libc))
  )
}

/** npm's list rule: none of the negated values, and one of the others if there are any. */
function allows(list: readonly string[] | undefined, value: string): boolean {
  if (list === undefined || (list.length === 1 && list[0] === 'any')) return true
  const refused = list.filter((entry) => entry.startsWith('!')).map((entry) => entry.slice(1))
  if (refused.includes(value)) return false
  return refused.length === list.length || list.includes(value)
}
