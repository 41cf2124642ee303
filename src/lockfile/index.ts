export { carriersFor, familyMembers, hasFamily, missingCarriers, wasmMember } from './binary-carrier.ts'
export { checkLockfile, type CheckLockfileOptions, manifestFolders } from './check-lockfile.ts'
export { chooseLockfile } from './choose-lockfile.ts'
export type { NpmTarget } from './fits-target.ts'
export { findJsonMistake } from './json-mistake.ts'
export { LockfileError, type LockfileErrorCode } from './lockfile-error.ts'
export { isNamedFor, namedPlatform, type NamedPlatform } from './named-platform.ts'
export type { LockedPackage, PackageLock } from './package-lock.ts'
export { parsePackageLock } from './parse-package-lock.ts'
export { platformFindings, type PlatformFindingsOptions } from './platform-findings.ts'
export {
  type Omission,
  type PackageSet,
  type Selection,
  selectPackages,
} from './select-packages.ts'
export { type Dependency, nameAndVersion, why } from './why.ts'
