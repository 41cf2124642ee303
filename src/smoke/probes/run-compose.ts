/** Runs a service of a compose file as the image; its exit code counts. */
import type { CancelOptions } from '../../base/index.ts'
import { causeOfEnding } from '../cause/cause.ts'
import { type ComposeProbe, probeText } from '../probe.ts'
import { SmokeError } from '../smoke-error.ts'
import { Deadline } from './deadline.ts'
import { surroundings, timeoutCause, type Trial, type TrialOutcome } from './trial.ts'

export async function runComposeProbe(
  probe: ComposeProbe,
  trial: Trial,
  { signal }: CancelOptions,
): Promise<TrialOutcome> {
  const { compose } = trial.prepared
  if (!compose) {
    throw new SmokeError('INVALID_PROBE', 'this runner cannot run compose files', { kind: 'environment' })
  }
  const { file, service } = probe
  await using run = await compose({ file, service, ...surroundings(trial) }, { signal })
  // Waiting for another platform's services is no fault of this one.
  const deadline = new Deadline(trial.timeout)
  const ending = await deadline.of(run.ended, { signal })
  const log = run.log.lines
  const summary = probeText(probe)
  if (!ending) return { summary, cause: timeoutCause(trial, `service ${service} did not end`), log }
  if (!ending.startFailure && ending.exitCode === 0) return { summary, log }
  return { summary, cause: causeOfEnding({ ...trial, log, ending }), log }
}
