/** What is asked of an npm lockfile: for which platforms and which C library it has to hold binaries. */
import { type Libc, rootImageOf } from '../../forecast/index.ts'
import type { LockedPackage } from '../../lockfile/index.ts'
import type { CheckedProject } from '../checked-project.ts'
import type { NpmLock } from '../npm-lock.ts'
import { folderOf, type ProjectFile } from '../project-file.ts'
import { soundDockerfiles } from './sound-dockerfiles.ts'

/** The Linux platforms of the Dockerfiles beside or below the lockfile, and the C library of their images. */
export function demandOf(
  project: CheckedProject,
  lock: NpmLock,
): { platforms: readonly string[]; libc: Libc | undefined } {
  const folder = folderOf(lock.file.path)
  const own = soundDockerfiles(project).filter(
    ({ file }) => folder === '' || file.path.startsWith(`${folder}/`),
  )
  const platforms = own.length > 0 ? own.flatMap((checked) => checked.platforms) : project.platforms
  const libcs = new Set(own.map(({ graph }) => graph.target && rootImageOf(graph, graph.target)?.libc))
  return {
    platforms: [...new Set(platforms)].filter((platform) => platform.startsWith('linux/')),
    libc: libcs.size === 1 ? [...libcs][0] : undefined,
  }
}

/** The entry's key in the file. */
export function placeInLock(file: ProjectFile, entry: LockedPackage): { start: number; end: number } {
  const key = JSON.stringify(entry.location)
  const start = Math.max(0, file.text.indexOf(`${key}:`))
  return { start, end: start + key.length }
}
