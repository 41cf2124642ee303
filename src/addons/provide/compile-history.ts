/** How long packages took to compile on this machine: what tells people how long to wait. */
import type { ContentCache } from '../../store/index.ts'
import type { AddonTask } from './addon-task.ts'

export interface CompileHistory {
  /** seconds; undefined when it was never compiled here */
  expected(): Promise<number | undefined>
  add(seconds: number): Promise<void>
}

const area = 'addon-seconds'

/** The last time counts; that of another platform serves as well, that of another way does not. */
export function compileHistory(
  { package: { name } }: AddonTask,
  way: 'natively' | 'emulated',
  cache: ContentCache,
): CompileHistory {
  const key = way === 'natively' ? name : `${name} ${way}`
  return {
    async expected() {
      const seconds = await cache.record(area, key)
      return typeof seconds === 'number' && seconds > 0 ? seconds : undefined
    },
    add: (seconds) => cache.setRecord(area, key, seconds),
  }
}
