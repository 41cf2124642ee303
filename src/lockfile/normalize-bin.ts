/** The `bin` field as npm makes links of it: command names without folders, targets kept inside the package. */
import { posix } from 'node:path'

/** Commands and their paths inside the package. A text names one command, called as the package without its scope. */
export function normalizeBin(packageName: string, bin: unknown): Record<string, string> {
  return Object.fromEntries(
    declared(packageName, bin).flatMap(([name, target]) => {
      const command = posix.join('/', posix.basename(name.replace(/\\|:/g, '/'))).slice(1)
      const path = typeof target === 'string' ? posix.join('/', target.replaceAll('\\', '/')).slice(1) : ''
      return command === '' || path === '' ? [] : [[command, path]]
    }),
  )
}

function declared(packageName: string, bin: unknown): [string, unknown][] {
  if (typeof bin === 'string') return packageName === '' || bin === '' ? [] : [[packageName, bin]]
  if (Array.isArray(bin)) {
    return bin.filter((path) => typeof path === 'string').map((path) => [posix.basename(path), path])
  }
  return typeof bin === 'object' && bin !== null ? Object.entries(bin) : []
}
