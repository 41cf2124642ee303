import { InternalError } from '../base/index.ts'
import type { PackageLock } from './package-lock.ts'

/** One step of a dependency path. */
export interface Dependency {
  location: string
  /** `express@4.21.0`, or the project's own name for the root */
  package: string
  /** how the step before asks for it; absent for the root */
  type?: 'prod' | 'dev' | 'optional' | 'peer' | 'workspace'
  /** what the step before asks for: `^4.0.0` */
  spec?: string
}

/** The shortest dependency path from the root to a location; empty when nothing needs it. */
export function why(lock: PackageLock, location: string): Dependency[] {
  throw new InternalError(`not written yet ${lock.file} ${location}`)
}
