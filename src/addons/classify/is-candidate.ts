import { hasFamily, type LockedPackage } from '../../lockfile/index.ts'

/** Packages that addons depend on: npm compiles such a package even when its lock entry knows of no script. */
const addonHelpers = new Set([
  'nan',
  'node-addon-api',
  'bindings',
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  'prebuild-install',
  '@mapbox/node-pre-gyp',
  'node-pre-gyp',
  'install-artifact-from-github',
  'pkg-prebuilds',
  'detect-libc',
  'require-addon',
  'cmake-js',
  'cmake-ts',
  'napi-macros',
  'napi-postinstall',
  'node-abi',
])

/** Whether the lock alone gives reason to open a package: most have no native code, and opening each takes time. */
export function isCandidate(locked: LockedPackage): boolean {
  if (locked.link) return false
  const names = [...Object.keys(locked.dependencies), ...Object.keys(locked.optionalDependencies)]
  return (
    locked.hasInstallScript ||
    locked.os !== undefined ||
    locked.cpu !== undefined ||
    hasFamily(locked) ||
    names.some((name) => addonHelpers.has(name))
  )
}
