/** Which C library a file was linked for. */
import type { VersionNeed } from './symbol-versions.ts'

export type Libc = 'glibc' | 'musl' | 'bionic'

interface LibcSigns {
  interpreter: string | undefined
  needed: readonly string[]
  soname?: string
  versionNeeds: readonly VersionNeed[]
  versionDefinitions: readonly string[]
  system: string | undefined
}

/** Told by what it asks for (or is); undefined when it shows no sign, as static files do. */
export function libcOf(signs: LibcSigns): Libc | undefined {
  const { interpreter = '', soname = '' } = signs
  const names = [...signs.needed, soname, interpreter.slice(interpreter.lastIndexOf('/') + 1)]
  const versions = [...signs.versionNeeds.flatMap((need) => need.versions), ...signs.versionDefinitions]
  const isBionic = signs.system === 'Android' || interpreter.startsWith('/system/bin/linker')
  // Bionic names its symbol versions LIBC; musl has none, and glibc's begin with GLIBC_.
  if (isBionic || versions.some((version) => /^LIBC(?:_|$)/.test(version))) return 'bionic'
  if (names.some((name) => /^(?:libc\.musl-|ld-musl-)/.test(name))) return 'musl'
  if (names.some((name) => /^libc\.so\.6(?:\.1)?$|^ld-linux|^ld64\.so\.|^ld\.so\.1$/.test(name)))
    return 'glibc'
  if (versions.some((version) => version.startsWith('GLIBC_'))) return 'glibc'
  if (signs.system !== undefined) return undefined
  return names.includes('liblog.so') ? 'bionic' : names.includes('libc.so') ? 'musl' : undefined
}
