/** Runs a command in the image and expects an exit code and an output. */
import type { CancelOptions } from '../../base/index.ts'
import { causeOfEnding } from '../cause/cause.ts'
import { type CommandProbe, expectationText, isMet, probeText } from '../probe.ts'
import { Deadline } from './deadline.ts'
import { surroundings, timeoutCause, type Trial, type TrialOutcome } from './trial.ts'

export async function runCommandProbe(
  probe: CommandProbe,
  trial: Trial,
  { signal }: CancelOptions,
): Promise<TrialOutcome> {
  const request = { argv: probe.argv, ...surroundings(trial), ports: [] }
  const deadline = new Deadline(trial.timeout)
  await using container = await trial.prepared.start(request, { signal })
  const ending = await deadline.of(container.ended, { signal })
  const log = container.log.lines
  const summary = probeText(probe)
  if (!ending) return { summary, cause: timeoutCause(trial, 'it did not end'), log }
  const expected = probe.exitCode ?? 0
  if (ending.startFailure || ending.exitCode !== expected) {
    return { summary, cause: causeOfEnding({ ...trial, log, ending }), log }
  }
  if (probe.output !== undefined && !isMet(probe.output, log.join('\n'))) {
    return {
      summary,
      cause: {
        code: 'output',
        text: `its output does not hold ${expectationText(probe.output)}`,
        hint: 'the last lines of its output follow',
      },
      log,
    }
  }
  return { summary, log }
}
