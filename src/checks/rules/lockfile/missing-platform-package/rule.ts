import type { LockedPackage } from '../../../../lockfile/index.ts'
import type { CheckedProject } from '../../../checked-project.ts'
import { type Libc, nameAndVersion, npmCpu, platformOfName, rootImageOf } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { type NpmLock, resolveFrom } from '../../../npm-lock.ts'
import { folderOf, type ProjectFile } from '../../../project-file.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'lockfile/missing-platform-package',
  severity: 'error',
  summary: 'The lockfile lacks a package’s binaries for a platform that is asked for.',
  *check(project) {
    for (const lock of project.locks) {
      const { platforms, libc } = demandOf(project, lock)
      for (const entry of lock.entries) {
        if (entry.dev) continue
        for (const platform of platforms) {
          const missing = missingFor(lock, entry, npmCpu(platform), libc)
          if (missing === undefined) continue
          yield {
            file: lock.file,
            range: placeOf(lock.file, entry),
            platform,
            package: nameAndVersion(entry),
            message: `${missing} is not in the lockfile: on ${platform} npm ci installs ${entry.name} without its binary, and says nothing`,
            hint: `npm ≥ 11: npm install writes it; npm 10: npm uninstall ${entry.name} && npm install ${entry.name}`,
          }
        }
      }
    }
  },
})

/** The Linux platforms of the Dockerfiles beside or below the lockfile, and the C library of their images. */
function demandOf(
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

/** The package that should hold the binary for a CPU, when the lock has none of those that could. */
function missingFor(
  lock: NpmLock,
  entry: LockedPackage,
  cpu: string,
  libc: Libc | undefined,
): string | undefined {
  const offered = Object.keys(entry.optionalDependencies).filter((name) => {
    const platform = platformOfName(name)
    return platform?.os === 'linux' && platform.cpu === cpu
  })
  const wanted = libc ?? 'glibc'
  const fitting = offered.filter((name) => (platformOfName(name)?.libc ?? 'glibc') === wanted)
  const candidates = fitting.length > 0 ? fitting : offered
  return candidates.find((name) => !resolveFrom(lock.lock, entry.location, name))
}

function placeOf(file: ProjectFile, entry: LockedPackage): { start: number; end: number } {
  const key = JSON.stringify(entry.location)
  const start = Math.max(0, file.text.indexOf(`${key}:`))
  return { start, end: start + key.length }
}
