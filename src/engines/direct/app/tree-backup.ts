/**
 * Undoes what the project's scripts did to node_modules, so that the installed tree serves the next build too. What they add is
 * deleted; of what they change or remove a copy is needed from before. Which files that will be is known from the last build
 * of the same tree: patch-package and prisma do the same each time.
 */
import { copyFileSync, lstatSync, mkdirSync, readlinkSync, rmdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf } from '../../../base/index.ts'
import type { TreeChange } from '../../../project/index.ts'

/** Copies of some files and links of a tree. */
export interface TreeBackup {
  readonly paths: ReadonlySet<string>
  readonly folder: string
}

/** Copies `paths` of the tree in `root` into `folder`; those that are not there are not copied. */
export function backUp(root: string, paths: readonly string[], folder: string): TreeBackup {
  const copied = paths.filter((path) => {
    try {
      copyEntry(join(root, path), join(folder, path))
      return true
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false
      throw error
    }
  })
  return { paths: new Set(copied), folder }
}

/** Undoes the change, and says whether it could: not without a copy of everything that was changed or removed. */
export function undoChange(root: string, change: TreeChange, backup: TreeBackup): boolean {
  const lost = [...change.changed, ...change.removed]
  if (lost.some(({ path }) => !backup.paths.has(path))) return false
  for (const { path } of change.added) {
    rmSync(join(root, path), { force: true })
    removeEmptyFolders(root, dirname(path))
  }
  for (const { path } of lost) {
    rmSync(join(root, path), { force: true, recursive: true })
    copyEntry(join(backup.folder, path), join(root, path))
  }
  return true
}

function copyEntry(from: string, to: string): void {
  const isLink = lstatSync(from).isSymbolicLink()
  mkdirSync(dirname(to), { recursive: true })
  if (isLink) symlinkSync(readlinkSync(from), to)
  else copyFileSync(from, to)
}

/** Folders that held nothing but what was added; a package has no empty ones. */
function removeEmptyFolders(root: string, folder: string): void {
  for (let path = folder; /(?:^|\/)node_modules\//.test(path); path = dirname(path)) {
    try {
      rmdirSync(join(root, path))
    } catch {
      return
    }
  }
}
