import { type Finding, InternalError } from '../base/index.ts'
import type { PackageJson } from './package-json.ts'

/** A script of the root package that `npm install` would run. */
export interface LifecycleScript {
  event: 'preinstall' | 'install' | 'postinstall' | 'preprepare' | 'prepare' | 'postprepare'
  command: string
}

/** What becomes of the root package's lifecycle scripts. */
export interface LifecyclePlan {
  /** run in the build folder, in this order, with all dependencies, before the build script */
  run: LifecycleScript[]
  /** not run, because they do nothing for an image */
  skipped: (LifecycleScript & { reason: string })[]
  /** whether changes to node_modules by those scripts have to be looked for */
  mayChangeDependencies: boolean
  findings: Finding[]
}

/** Pure decision; see docs in the file's head. */
export function planLifecycleScripts(packageJson: PackageJson): LifecyclePlan {
  throw new InternalError(`not written yet ${packageJson.file}`)
}
