/** How long packages took to compile on this machine: what tells people how long to wait. */
import type { ContentCache } from '../../../store/index.ts'
import type { AddonTask } from '../addon-task.ts'

export interface CompileHistory {
  /** seconds; undefined when it was never compiled here */
  expected(): Promise<number | undefined>
  add(seconds: number): Promise<void>
}

const area = 'addon-seconds'

/** The last time counts; that of another platform serves as well. */
export function compileHistory({ package: { name } }: AddonTask, cache: ContentCache): CompileHistory {
  return {
    async expected() {
      const seconds = await cache.record(area, name)
      return typeof seconds === 'number' && seconds > 0 ? seconds : undefined
    },
    add: (seconds) => cache.setRecord(area, name, seconds),
  }
}
