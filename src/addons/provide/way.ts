import type { CancelOptions } from '../../base/index.ts'
import type { AddonTask } from './addon-task.ts'
import type { ProvidedBinary } from './provided-binary.ts'

/** A way to a binary. Throws `AddonError` where it does not lead to one. */
export type Way = (task: AddonTask, options: CancelOptions) => Promise<ProvidedBinary>
