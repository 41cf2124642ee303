/** Starts the image's own entrypoint, waits until it is ready, and stops it as an engine would. */
import { type CancelOptions, sleep } from '../../base/index.ts'
import { type Cause, causeOfEnding, signCause } from '../cause/cause.ts'
import { portsOf, probeText, type Readiness, readinessText, type StartProbe } from '../probe.ts'
import { signalNumber, stopSignalName } from '../process/signals.ts'
import type { Container } from '../runners/runner.ts'
import { type Answer, askReadiness } from './ask-readiness.ts'
import { Deadline } from './deadline.ts'
import { timeoutCause, type Trial, type TrialOutcome } from './trial.ts'

const defaultStopTimeout = 10_000
const emulatedStopTimeout = 40_000
const pause = 100

type Outcome = Pick<TrialOutcome, 'summary' | 'cause'>

export async function startServiceProbe(
  probe: StartProbe,
  trial: Trial,
  { signal }: CancelOptions,
): Promise<TrialOutcome> {
  const deadline = new Deadline(trial.timeout)
  await using container = await trial.prepared.start({ env: trial.env, ports: portsOf(probe) }, { signal })
  const seen: string[] = []
  for (const readiness of probe.ready) {
    const { summary, cause } = await becomesReady(readiness, container, trial, deadline, { signal })
    seen.push(summary)
    if (cause) return { summary: probeText(probe), cause, log: container.log.lines }
  }
  const stopped = await stops(probe, container, trial, { signal })
  return {
    summary: seen.join(', ') || stopped.summary,
    ...(stopped.cause ? { cause: stopped.cause } : {}),
    log: container.log.lines,
  }
}

async function becomesReady(
  readiness: Readiness,
  container: Container,
  trial: Trial,
  deadline: Deadline,
  { signal }: CancelOptions,
): Promise<Outcome> {
  let ended = false
  void container.ended.then(() => (ended = true))
  let answer: Answer = { ready: false, text: `${readinessText(readiness)} did not answer`, answered: false }
  for (;;) {
    const over = ended
    // The last look may be cut off by the deadline: what the one before saw counts.
    answer = (await deadline.of(askReadiness(readiness, container, { signal }), { signal })) ?? answer
    if (answer.ready) return { summary: answer.text }
    if (over) return { summary: answer.text, cause: await causeOfEarlyEnd(container, trial) }
    if (deadline.passed)
      return { summary: answer.text, cause: notReadyCause(readiness, answer, container, trial) }
    await sleep(pause, { signal })
  }
}

async function causeOfEarlyEnd(container: Container, trial: Trial): Promise<Cause> {
  const ending = await container.ended
  return causeOfEnding({ ...trial, log: container.log.lines, ending })
}

/** A service that lives on although something in it failed has said so in its log. */
function notReadyCause(
  readiness: Readiness,
  answer: { text: string; answered: boolean },
  container: Container,
  trial: Trial,
): Cause {
  const alive = { exitCode: 0, outOfMemory: false }
  const sign = signCause({ platform: trial.platform, log: container.log.lines, ending: alive })
  if (sign) return { ...sign, text: `${answer.text}: ${sign.text}` }
  if (answer.answered) {
    return {
      code: 'wrong-answer',
      text: `${answer.text} (for ${Math.round(trial.timeout / 1000)} s)`,
      hint: 'the service runs and answers something else: check the path, and what it needs to be healthy',
    }
  }
  if (readiness.type === 'log') return timeoutCause(trial, answer.text)
  return {
    code: 'port-closed',
    text: `${answer.text} (waited ${Math.round(trial.timeout / 1000)} s, and it still runs)`,
    hint: `${exposedHint(readiness.port, trial)}; it must listen on 0.0.0.0 (or ::), not on 127.0.0.1`,
  }
}

function exposedHint(port: number, { image }: Trial): string {
  const exposed = Object.keys(image.config.config?.ExposedPorts ?? {})
  if (exposed.length === 0 || exposed.some((text) => text.startsWith(`${port}/`)))
    return 'the service may listen to another port'
  return `the image exposes ${exposed.join(', ')}, not ${port}`
}

/** Asks it to end with the image's stop signal; whoever has to be killed loses requests at every deployment. */
async function stops(
  probe: StartProbe,
  container: Container,
  trial: Trial,
  { signal }: CancelOptions,
): Promise<Outcome> {
  const stopSignal = stopSignalName(trial.image.config.config?.StopSignal)
  const patience = probe.stopTimeout ?? (trial.emulated ? emulatedStopTimeout : defaultStopTimeout)
  await container.signal(stopSignal)
  const ending = await new Deadline(patience).of(container.ended, { signal })
  if (!ending) {
    return {
      summary: `ignores ${stopSignal}`,
      cause: {
        code: 'ignores-stop-signal',
        text: `it ignores ${stopSignal}: ${Math.round(patience / 1000)} s later it still runs, and engines would kill it`,
        hint: `handle it (process.on('${stopSignal}', …)), or start it with an init such as tini: as process 1, Node does not end by itself; "npm start" and "sh -c" do not pass the signal on`,
      },
    }
  }
  const accepted = [0, 128 + signalNumber(stopSignal)]
  if (accepted.includes(ending.exitCode)) return { summary: `ends by ${stopSignal}` }
  const cause = causeOfEnding({ ...trial, log: container.log.lines, ending })
  return { summary: 'stop', cause: { ...cause, text: `stopped with ${stopSignal}, ${cause.text}` } }
}
