export { installScripts, isImplicitlyCompiled, parseManifest } from './install-step.ts'
export {
  type InstalledTree,
  installTree,
  type InstallTreeOptions,
  type ScriptedPackage,
} from './install-tree.ts'
export { isRecord } from './json-record.ts'
export { layerEntries, type LayerEntriesOptions } from './layer-entries.ts'
export { loadNpmConfig, type LoadNpmConfigOptions, type NpmConfig } from './npm-config.ts'
export { NpmError, type NpmErrorCode } from './npm-error.ts'
export {
  type PackageRecords,
  type PackageSource,
  packageSource,
  type PackageSourceOptions,
  type UnpackedPackage,
} from './package-source.ts'
export {
  type NodeModulesPlan,
  type PlacedPackage,
  type Placement,
  planNodeModules,
  type PlanNodeModulesOptions,
} from './plan-node-modules.ts'
export type { BinLink } from './plan-bin-links.ts'
export { runInstallScripts, type RunInstallScriptsOptions } from './run-install-scripts.ts'
export { npmTargetOf, type TargetPlatform } from './target-platform.ts'
export { type Packument, type RegistryAccess, registryAccess } from './registry-access.ts'
export type { PackageFile } from './unpack-package.ts'
export { writePackages, type WritePackagesOptions } from './write-packages.ts'
export { type PackageChange, type PackageChanges, withChanges } from './package-changes.ts'
