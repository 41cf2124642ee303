import type { LockedPackage } from '../../../../lockfile/index.ts'
import { type Libc, nameAndVersion, npmCpu, platformOfName } from '../../../../forecast/index.ts'
import { demandOf, placeInLock } from '../../../facts/lock-demand.ts'
import { defineRule } from '../../../rule.ts'

/** Its compiler is for the build; the server does not load it. */
const works = new Set(['next'])

export default defineRule({
  id: 'lockfile/no-binary-for-platform',
  severity: 'warning',
  summary: 'A package is published with binaries for some platforms, and none for one that is asked for.',
  *check(project) {
    for (const lock of project.locks) {
      const { platforms, libc } = demandOf(project, lock)
      for (const entry of lock.entries) {
        if (!dependsOnBinaries(entry)) continue
        for (const platform of platforms) {
          const others = othersThan(entry, npmCpu(platform), libc)
          if (others === undefined) continue
          yield {
            file: lock.file,
            range: placeInLock(lock.file, entry),
            platform,
            package: nameAndVersion(entry),
            message: `${entry.name} has binaries for ${others.join(', ')}, and none for ${platform}${libc === 'musl' ? ' with musl' : ''}`,
            hint: 'everyarch addons says what else it brings; without any, replace the package, or the base where only the C library differs',
          }
        }
      }
    }
  },
})

/** Its binaries come as packages of their own; nothing is compiled, and there is no WebAssembly to take instead. */
function dependsOnBinaries({
  dev,
  optional,
  devOptional,
  hasInstallScript,
  name,
  ...entry
}: LockedPackage): boolean {
  if (dev || optional || devOptional || hasInstallScript || works.has(name)) return false
  const variants = Object.keys(entry.optionalDependencies)
  return (
    variants.some((variant) => platformOfName(variant)) &&
    !variants.some((variant) => variant.includes('wasm'))
  )
}

/** The Linux platforms that it has binaries for, when the CPU is not among them or only with the other C library. */
function othersThan(entry: LockedPackage, cpu: string, libc: Libc | undefined): string[] | undefined {
  const offered = Object.keys(entry.optionalDependencies).flatMap((name) => {
    const platform = platformOfName(name)
    return platform?.os === 'linux' ? [platform] : []
  })
  // A name without a C library may be of a program that needs none.
  const fits = offered.some(
    (one) => one.cpu === cpu && (one.libc === undefined || libc === undefined || one.libc === libc),
  )
  if (fits || offered.length === 0) return undefined
  return [...new Set(offered.map((one) => `${one.cpu}${one.libc ? ` (${one.libc})` : ''}`))].sort()
}
