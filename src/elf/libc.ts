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
  const versions = versionsOf(signs)
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

/** libgcc has symbols of the version GLIBC_2.0 on every C library: its own do not count. */
function versionsOf({ soname, versionNeeds, versionDefinitions }: LibcSigns): string[] {
  const isLibgcc = (name: string | undefined) => name?.startsWith('libgcc_s.so') ?? false
  const needed = versionNeeds.filter(({ library }) => !isLibgcc(library)).flatMap(({ versions }) => versions)
  return isLibgcc(soname) ? needed : [...needed, ...versionDefinitions]
}
