/** A step of the action as a process: environment and signals in, exit code out. */
import { CodedError, exitCodeOf, InterruptedError, messageOf } from '../base/index.ts'
import { workflowCommand } from '../report/index.ts'
import type { ActionContext } from './context.ts'

/** Runs the work of a step; a failure becomes an annotation and the exit code that the command line has for it. */
export async function runStep(work: (context: ActionContext) => Promise<number>): Promise<void> {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => controller.abort(new InterruptedError()))
  }
  const context: ActionContext = {
    env: process.env,
    cwd: process.cwd(),
    signal: controller.signal,
    write: (text) => void process.stdout.write(text),
  }
  try {
    process.exitCode = await work(context)
  } catch (error) {
    const hint = error instanceof CodedError && error.hint ? `\n${error.hint}` : ''
    const title = error instanceof CodedError ? error.code : 'a bug of everyarch'
    context.write(workflowCommand('error', { title: `everyarch: ${title}` }, `${messageOf(error)}${hint}`))
    process.exitCode = exitCodeOf(error)
  }
}
