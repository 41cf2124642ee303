/**
 * QEMU hands a program's crash on to itself as a signal. The first process of a container is spared signals that it does not handle,
 * so that instead of ending it hangs there for ever, and would be called slow.
 */
import type { Ending, PreparedImage, Run } from './runner.ts'

/** Milliseconds that it gets to end by itself, as it does where it is not the first process. */
const patience = 1000

const uncaught = /qemu: uncaught target signal (\d+)/

/** The same image, whose emulated runs count as ended once QEMU has said that they crashed. */
export function noticingCrashes(prepared: PreparedImage): PreparedImage {
  const { start, compose } = prepared
  return {
    ...prepared,
    start: async (request, options) => noticed(await start(request, options)),
    ...(compose ? { compose: async (request, options) => noticed(await compose(request, options)) } : {}),
  }
}

function noticed<R extends Run>(run: R): R {
  const crash = new Promise<Ending>((resolve) => {
    const hear = (line: string) => {
      const signal = uncaught.exec(line)?.[1]
      if (signal === undefined) return
      stop()
      const ending = { exitCode: 128 + Number(signal), outOfMemory: false }
      setTimeout(() => resolve(ending), patience).unref()
    }
    const stop = run.log.watch(hear)
    run.log.lines.forEach(hear)
  })
  return { ...run, ended: Promise.race([run.ended, crash]) }
}
