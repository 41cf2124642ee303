/** Every rule. Written by scripts/rules-index.mjs: do not edit. */
import type { Rule } from '../rule.ts'
import bakeDoesNotParse from './bake/does-not-parse/rule.ts'
import bakeSharedCache from './bake/shared-cache/rule.ts'
import composeDoesNotParse from './compose/does-not-parse/rule.ts'
import composePinnedPlatform from './compose/pinned-platform/rule.ts'
import composePlatformVariable from './compose/platform-variable/rule.ts'
import deployArchitectureNotBuilt from './deploy/architecture-not-built/rule.ts'
import deployMutableTag from './deploy/mutable-tag/rule.ts'
import dockerfileArchitectureName from './dockerfile/architecture-name/rule.ts'
import dockerfileBaseLacksPlatform from './dockerfile/base-lacks-platform/rule.ts'
import dockerfileBlanketRebuild from './dockerfile/blanket-rebuild/rule.ts'
import dockerfileConstantPlatform from './dockerfile/constant-platform/rule.ts'
import dockerfileCrossInstallIncomplete from './dockerfile/cross-install-incomplete/rule.ts'
import dockerfileDoesNotParse from './dockerfile/does-not-parse/rule.ts'
import dockerfileEmulatedBuild from './dockerfile/emulated-build/rule.ts'
import dockerfileEmulatedInstall from './dockerfile/emulated-install/rule.ts'
import dockerfileEmulatedPackages from './dockerfile/emulated-packages/rule.ts'
import dockerfileGlibcTooOld from './dockerfile/glibc-too-old/rule.ts'
import dockerfileHardcodedArchitecture from './dockerfile/hardcoded-architecture/rule.ts'
import dockerfileImplicitCompile from './dockerfile/implicit-compile/rule.ts'
import dockerfileInstallScriptsSkipped from './dockerfile/install-scripts-skipped/rule.ts'
import dockerfileLibcMismatch from './dockerfile/libc-mismatch/rule.ts'
import dockerfileMissingPlatformStage from './dockerfile/missing-platform-stage/rule.ts'
import dockerfileNativeModulesCopied from './dockerfile/native-modules-copied/rule.ts'
import dockerfileNoCompiler from './dockerfile/no-compiler/rule.ts'
import dockerfileNodeVersionMismatch from './dockerfile/node-version-mismatch/rule.ts'
import dockerfilePackageJsonMissing from './dockerfile/package-json-missing/rule.ts'
import dockerfilePlatformArgumentDefault from './dockerfile/platform-argument-default/rule.ts'
import dockerfilePlatformArgumentGlobal from './dockerfile/platform-argument-global/rule.ts'
import dockerfilePlatformArgumentUndeclared from './dockerfile/platform-argument-undeclared/rule.ts'
import dockerfileRootUser from './dockerfile/root-user/rule.ts'
import dockerfileRuntimeLibraryMissing from './dockerfile/runtime-library-missing/rule.ts'
import dockerfileScriptBeforeCopy from './dockerfile/script-before-copy/rule.ts'
import dockerfileSharedCacheMount from './dockerfile/shared-cache-mount/rule.ts'
import dockerfileShellFormStart from './dockerfile/shell-form-start/rule.ts'
import dockerfileUnresolvedStage from './dockerfile/unresolved-stage/rule.ts'
import dockerignoreNodeModules from './dockerignore/node-modules/rule.ts'
import dockerignoreUnread from './dockerignore/unread/rule.ts'
import lockfileDoesNotParse from './lockfile/does-not-parse/rule.ts'
import lockfileMissingPlatformPackage from './lockfile/missing-platform-package/rule.ts'
import lockfileNoBinaryForPlatform from './lockfile/no-binary-for-platform/rule.ts'
import lockfileNoLibc from './lockfile/no-libc/rule.ts'
import packageDoesNotParse from './package/does-not-parse/rule.ts'
import packageNpmTooOld from './package/npm-too-old/rule.ts'
import packagePlatformPackage from './package/platform-package/rule.ts'
import packagePrismaTargets from './package/prisma-targets/rule.ts'
import workflowDigestNotPushed from './workflow/digest-not-pushed/rule.ts'
import workflowDoesNotParse from './workflow/does-not-parse/rule.ts'
import workflowEcrCache from './workflow/ecr-cache/rule.ts'
import workflowFileOfAnotherJob from './workflow/file-of-another-job/rule.ts'
import workflowLambdaAttestations from './workflow/lambda-attestations/rule.ts'
import workflowLoadSeveralPlatforms from './workflow/load-several-platforms/rule.ts'
import workflowManifestCommand from './workflow/manifest-command/rule.ts'
import workflowMergeDespiteFailure from './workflow/merge-despite-failure/rule.ts'
import workflowNeedlessEmulator from './workflow/needless-emulator/rule.ts'
import workflowNoTimeout from './workflow/no-timeout/rule.ts'
import workflowPlatformNotBuilt from './workflow/platform-not-built/rule.ts'
import workflowPlatformVariableInside from './workflow/platform-variable-inside/rule.ts'
import workflowPushOnPullRequest from './workflow/push-on-pull-request/rule.ts'
import workflowRetiredAction from './workflow/retired-action/rule.ts'
import workflowScanOnePlatform from './workflow/scan-one-platform/rule.ts'
import workflowSharedCacheScope from './workflow/shared-cache-scope/rule.ts'
import workflowTagBeforeTest from './workflow/tag-before-test/rule.ts'
import workflowTagNotThere from './workflow/tag-not-there/rule.ts'
import workflowTagOfFewerPlatforms from './workflow/tag-of-fewer-platforms/rule.ts'
import workflowTagOverwritten from './workflow/tag-overwritten/rule.ts'
import workflowTestOnePlatform from './workflow/test-one-platform/rule.ts'
import workflowUnknownAction from './workflow/unknown-action/rule.ts'
import workflowUntaggedCleanup from './workflow/untagged-cleanup/rule.ts'
import workflowUppercaseRepository from './workflow/uppercase-repository/rule.ts'

export const rules: readonly Rule[] = [
  bakeDoesNotParse,
  bakeSharedCache,
  composeDoesNotParse,
  composePinnedPlatform,
  composePlatformVariable,
  deployArchitectureNotBuilt,
  deployMutableTag,
  dockerfileArchitectureName,
  dockerfileBaseLacksPlatform,
  dockerfileBlanketRebuild,
  dockerfileConstantPlatform,
  dockerfileCrossInstallIncomplete,
  dockerfileDoesNotParse,
  dockerfileEmulatedBuild,
  dockerfileEmulatedInstall,
  dockerfileEmulatedPackages,
  dockerfileGlibcTooOld,
  dockerfileHardcodedArchitecture,
  dockerfileImplicitCompile,
  dockerfileInstallScriptsSkipped,
  dockerfileLibcMismatch,
  dockerfileMissingPlatformStage,
  dockerfileNativeModulesCopied,
  dockerfileNoCompiler,
  dockerfileNodeVersionMismatch,
  dockerfilePackageJsonMissing,
  dockerfilePlatformArgumentDefault,
  dockerfilePlatformArgumentGlobal,
  dockerfilePlatformArgumentUndeclared,
  dockerfileRootUser,
  dockerfileRuntimeLibraryMissing,
  dockerfileScriptBeforeCopy,
  dockerfileSharedCacheMount,
  dockerfileShellFormStart,
  dockerfileUnresolvedStage,
  dockerignoreNodeModules,
  dockerignoreUnread,
  lockfileDoesNotParse,
  lockfileMissingPlatformPackage,
  lockfileNoBinaryForPlatform,
  lockfileNoLibc,
  packageDoesNotParse,
  packageNpmTooOld,
  packagePlatformPackage,
  packagePrismaTargets,
  workflowDigestNotPushed,
  workflowDoesNotParse,
  workflowEcrCache,
  workflowFileOfAnotherJob,
  workflowLambdaAttestations,
  workflowLoadSeveralPlatforms,
  workflowManifestCommand,
  workflowMergeDespiteFailure,
  workflowNeedlessEmulator,
  workflowNoTimeout,
  workflowPlatformNotBuilt,
  workflowPlatformVariableInside,
  workflowPushOnPullRequest,
  workflowRetiredAction,
  workflowScanOnePlatform,
  workflowSharedCacheScope,
  workflowTagBeforeTest,
  workflowTagNotThere,
  workflowTagOfFewerPlatforms,
  workflowTagOverwritten,
  workflowTestOnePlatform,
  workflowUnknownAction,
  workflowUntaggedCleanup,
  workflowUppercaseRepository,
]
