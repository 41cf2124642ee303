import type { LockedPackage } from '../../../../lockfile/index.ts'
import { type Libc, nameAndVersion, npmCpu, platformOfName } from '../../../../forecast/index.ts'
import { demandOf, placeInLock } from '../../../facts/lock-demand.ts'
import { type NpmLock, resolveFrom } from '../../../npm-lock.ts'
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
            range: placeInLock(lock.file, entry),
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
