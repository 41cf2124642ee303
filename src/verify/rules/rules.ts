/** All rules of `verify`, in the order in which they are run. */
import { compareText, type Severity } from '../../base/index.ts'
import type { IndexRule, LayerRule, PlatformRule } from '../rule.ts'
import { addonNotCompiled } from './addon-not-compiled.ts'
import { brokenHardLink } from './broken-hard-link.ts'
import { commandNotExecutable } from './command-not-executable.ts'
import { commandNotFound } from './command-not-found.ts'
import { configPlatformMismatch } from './config-platform-mismatch.ts'
import { corruptLayer } from './corrupt-layer.ts'
import { damagedBinary } from './damaged-binary.ts'
import { devDependencies } from './dev-dependencies.ts'
import { diffIdMismatch } from './diff-id-mismatch.ts'
import { duplicateLibcBuilds } from './duplicate-libc-builds.ts'
import { duplicatePlatform } from './duplicate-platform.ts'
import { foreignObjectFormat } from './foreign-object-format.ts'
import { foreignPrebuilds } from './foreign-prebuilds.ts'
import { invalidVariant } from './invalid-variant.ts'
import { libcMismatch } from './libc-mismatch.ts'
import { libraryTooOld } from './library-too-old.ts'
import { microarchitectureLevel } from './microarchitecture-level.ts'
import { missingInterpreter } from './missing-interpreter.ts'
import { missingLibrary } from './missing-library.ts'
import { missingMain } from './missing-main.ts'
import { missingManifest } from './missing-manifest.ts'
import { missingPrebuild } from './missing-prebuild.ts'
import { missingScriptInterpreter } from './missing-script-interpreter.ts'
import { missingWorkingDirectory } from './missing-working-directory.ts'
import { mixedMediaTypes } from './mixed-media-types.ts'
import { nodeAbiMismatch } from './node-abi-mismatch.ts'
import { nodeApiTooNew } from './node-api-too-new.ts'
import { nodeMissing } from './node-missing.ts'
import { packageCaches } from './package-caches.ts'
import { platformMissing } from './platform-missing.ts'
import { preloadNotFound } from './preload-not-found.ts'
import { singlePlatform } from './single-platform.ts'
import { unexpectedDigest } from './unexpected-digest.ts'
import { unknownLayerType } from './unknown-layer-type.ts'
import { unknownUser } from './unknown-user.ts'
import { unsafeEntry } from './unsafe-entry.ts'
import { wrongArchitecture } from './wrong-architecture.ts'
import { wrongVariant } from './wrong-variant.ts'

/** What the index and the documents say. */
export const indexRules: readonly IndexRule[] = [
  platformMissing,
  singlePlatform,
  missingManifest,
  configPlatformMismatch,
  duplicatePlatform,
  invalidVariant,
  mixedMediaTypes,
  unexpectedDigest,
]

/** Whether the layers can be read at all; where one cannot, the platform's file system is not known. */
export const layerRules: readonly LayerRule[] = [unknownLayerType, corruptLayer, diffIdMismatch]

/** What the final file system holds. */
export const platformRules: readonly PlatformRule[] = [
  unsafeEntry,
  brokenHardLink,
  wrongArchitecture,
  wrongVariant,
  microarchitectureLevel,
  damagedBinary,
  foreignObjectFormat,
  missingInterpreter,
  libcMismatch,
  missingLibrary,
  libraryTooOld,
  preloadNotFound,
  nodeMissing,
  nodeAbiMismatch,
  nodeApiTooNew,
  missingPrebuild,
  addonNotCompiled,
  commandNotFound,
  commandNotExecutable,
  missingScriptInterpreter,
  missingMain,
  missingWorkingDirectory,
  unknownUser,
  foreignPrebuilds,
  duplicateLibcBuilds,
  devDependencies,
  packageCaches,
]

/** All rules, by id; each has a page in docs/rules. */
export const verifyRules: readonly { id: string; severity: Severity }[] = [
  ...indexRules,
  ...layerRules,
  ...platformRules,
]
  .map(({ id, severity }) => ({ id, severity }))
  .sort((a, b) => compareText(a.id, b.id))

/** Belongs to a set of rules: a change of what they find must change it, so that recorded verdicts are not taken for new ones. */
export const rulesVersion = 2
