import { type CheckedProject, nearest } from '../checked-project.ts'
import type { NpmLock } from '../npm-lock.ts'
import { folderOf, type ProjectFile } from '../project-file.ts'

/** The lock that speaks for the folder of a file. */
export function lockFor(project: CheckedProject, file: ProjectFile): NpmLock | undefined {
  return nearest(project.locks, folderOf(file.path))
}
