/** Which locked packages have parts that depend on the CPU. */
import type { LockedPackage } from '../../lockfile/index.ts'

/** Helpers that only packages with native parts depend on. */
const helpers = [
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  'prebuild-install',
  '@mapbox/node-pre-gyp',
  'install-artifact-from-github',
  'pkg-prebuilds',
  'cmake-js',
  'nan',
  'node-addon-api',
  'bindings',
  'napi-macros',
]

/** Packages that have to be compiled on Linux: they ship no binaries for it. Checked against their tarballs. */
const compiled = new Map([
  ['node-rdkafka', ['g++', 'make', 'python3']],
  ['node-pty', ['g++', 'make', 'python3']],
  ['libpq', ['g++', 'make', 'python3', 'libpq-dev']],
  ['heapdump', ['g++', 'make', 'python3']],
  ['unix-dgram', ['g++', 'make', 'python3']],
])

/** Packages whose install script must run: it downloads or compiles the binary. Their version decides, see `needsScript`. */
const downloading: Record<string, (major: number) => boolean> = {
  'better-sqlite3': (major) => major < 13,
  bcrypt: (major) => major < 6,
  sqlite3: () => true,
  canvas: () => true,
  kerberos: () => true,
  re2: () => true,
  '@confluentinc/kafka-javascript': () => true,
  keytar: () => true,
}

/** Packages whose installed files differ between platforms, or that an install script makes; development apart. */
export function nativePackages(entries: readonly LockedPackage[]): LockedPackage[] {
  return entries.filter(
    (entry) =>
      !entry.dev &&
      !entry.link &&
      (isCarrier(entry) || usesHelper(entry) || needsCompiler(entry) || needsScript(entry)),
  )
}

/** A package that holds the binaries for one platform. */
export function isCarrier(entry: LockedPackage): boolean {
  return entry.optional && (entry.cpu !== undefined || entry.os !== undefined)
}

function usesHelper(entry: LockedPackage): boolean {
  return helpers.some((helper) => helper in entry.dependencies || helper in entry.optionalDependencies)
}

/** What of a locked package is looked up. */
type NamedPackage = Pick<LockedPackage, 'name' | 'version' | 'optional'>

/** What a package needs to be compiled; undefined when it ships binaries or needs none. */
export function needsCompiler(entry: NamedPackage): readonly string[] | undefined {
  return entry.optional ? undefined : compiled.get(entry.name)
}

/** Whether the package has no binary before its install script ran. */
export function needsScript(entry: NamedPackage): boolean {
  const major = Number.parseInt(entry.version ?? '', 10)
  return (
    !entry.optional && (needsCompiler(entry) !== undefined || (downloading[entry.name]?.(major) ?? false))
  )
}

export function nameAndVersion(entry: LockedPackage): string {
  return `${entry.name}@${entry.version ?? '?'}`
}
