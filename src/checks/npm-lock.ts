/** package-lock.json as rules need it. */
import { type LockedPackage, type PackageLock, parsePackageLock } from '../lockfile/index.ts'
import type { ProjectFile } from './project-file.ts'

export interface NpmLock {
  readonly file: ProjectFile
  readonly lock: PackageLock
  /** every entry, by location */
  readonly entries: readonly LockedPackage[]
}

/** The lock; none when it cannot be read (a rule of its own says so). */
export function readNpmLock(file: ProjectFile): NpmLock[] {
  try {
    const lock = parsePackageLock(file.text, file.path)
    return [{ file, lock, entries: [...lock.packages.values()] }]
  } catch {
    return []
  }
}

/** The entry that a package's own `require` of `name` would find, by walking up the tree. */
export function resolveFrom(lock: PackageLock, location: string, name: string): LockedPackage | undefined {
  let folder = location
  for (;;) {
    const found = lock.packages.get(folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`)
    if (found) return found
    if (folder === '') return undefined
    const cut = folder.lastIndexOf('/node_modules/')
    folder = cut === -1 ? '' : folder.slice(0, cut)
  }
}
