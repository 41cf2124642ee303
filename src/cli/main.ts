/** The process: arguments, environment and signals in; exit code out. (start/start.ts is what runs first.) */
import { setMaxListeners } from 'node:events'
import { exitCodeOf, exitCodes, InterruptedError } from '../base/index.ts'
import type { CommandContext } from './context.ts'
import { failureText } from './failure.ts'
import { collectLostRejections } from './lost-rejections.ts'
import { outputOf } from './output.ts'
import { questionOf } from './question.ts'
import { runProgram } from './program.ts'

export async function main(): Promise<void> {
  const controller = new AbortController()
  // Everything that runs listens to it; many at once is no leak. (0, no limit, is what undici cannot read on Node 20.)
  setMaxListeners(10_000, controller.signal)
  let interrupts = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The first asks everything to stop and clean up; the second is somebody who cannot wait.
      if (++interrupts > 1) process.exit(exitCodes.interrupted)
      controller.abort(new InterruptedError())
    })
  }
  // `everyarch … | head` closes our output early: that is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCodes.ok)
      throw error
    })
  }

  const question = questionOf(process.stdin, process.stderr, process.env)
  const context: CommandContext = {
    env: process.env,
    cwd: process.cwd(),
    signal: controller.signal,
    stdout: outputOf(process.stdout, process.env),
    stderr: outputOf(process.stderr, process.env),
    ...(question ? { ask: question } : {}),
    elapsed: () => performance.now(),
  }

  const debug = Boolean(process.env.EVERYARCH_DEBUG)
  const fail = (error: unknown) => {
    context.stderr.write(failureText(error, { colour: context.stderr.colour, debug }))
    process.exitCode = exitCodeOf(error)
  }
  const lost = collectLostRejections(process, fail)
  try {
    process.exitCode = await runProgram(process.argv.slice(2), context)
    const bug = lost.bug()
    if (bug !== undefined) fail(bug)
  } catch (error) {
    fail(error)
  }
}
