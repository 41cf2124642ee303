/** Starts the image's own entrypoint, waits until it is ready, and stops it as an engine would. */
import { type CancelOptions, sleep } from '../../base/index.ts'
import { type Cause, causeOfEnding, signCause } from '../cause/cause.ts'
import { imageHealthcheck } from '../image-healthcheck.ts'
import {
  emulationFactor,
  portsOf,
  probeText,
  type Readiness,
  readinessText,
  type StartProbe,
} from '../probe.ts'
import { signalNumber, stopSignalName } from '../process/signals.ts'
import type { Container } from '../runners/runner.ts'
import { type Answer, askReadiness } from './ask-readiness.ts'
import { Deadline } from './deadline.ts'
import { surroundings, timeoutCause, type Trial, type TrialOutcome } from './trial.ts'

const defaultStopTimeout = 10_000
const defaultStableFor = 3000
const pause = 100
/** A health check is a program that is started. */
const healthPause = 500

type Outcome = Pick<TrialOutcome, 'summary' | 'cause'>

export async function startServiceProbe(
  probe: StartProbe,
  trial: Trial,
  options: CancelOptions,
): Promise<TrialOutcome> {
  const { image, prepared } = trial
  if (probe.ready.some(({ type }) => type === 'healthcheck') && !imageHealthcheck(image.config.config)) {
    return { summary: probeText(probe), cause: noHealthcheck, log: [] }
  }
  const outcome = await startedOnce(probe, trial, false, options)
  // Something on this machine has a port that the service opens besides those that are asked for.
  if (outcome.cause?.code !== 'port-in-use' || !prepared.sharesNetwork) return outcome
  return startedOnce(probe, trial, true, options)
}

const noHealthcheck: Cause = {
  code: 'no-healthcheck',
  text: 'the image has no HEALTHCHECK',
  hint: 'add one to the Dockerfile (an image of OCI format keeps it only when its builder does), or wait for HTTP instead',
}

async function startedOnce(
  probe: StartProbe,
  trial: Trial,
  ownNetwork: boolean,
  { signal }: CancelOptions,
): Promise<TrialOutcome> {
  const deadline = new Deadline(trial.timeout)
  const request = { ...surroundings(trial), ports: portsOf(probe), ownNetwork }
  await using container = await trial.prepared.start(request, { signal })
  const stable = new Deadline(probe.stableFor ?? defaultStableFor)
  const seen: string[] = []
  for (const readiness of probe.ready) {
    const { summary, cause } = await becomesReady(readiness, container, trial, deadline, { signal })
    seen.push(summary)
    if (cause) return { summary: probeText(probe), cause, log: container.log.lines }
  }
  // One that answers, and then misses its database, has a moment to notice.
  if (await stable.of(container.ended, { signal })) {
    return {
      summary: seen.join(', '),
      cause: await causeOfEarlyEnd(container, trial),
      log: container.log.lines,
    }
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
  const asking = { container, healthcheck: imageHealthcheck(trial.image.config.config), signal }
  let answer: Answer = { ready: false, text: `${readinessText(readiness)} did not answer`, answered: false }
  for (;;) {
    const over = ended
    // The last look may be cut off by the deadline: what the one before saw counts.
    answer = (await deadline.of(askReadiness(readiness, asking), { signal })) ?? answer
    if (over) return { summary: answer.text, cause: await causeOfEarlyEnd(container, trial) }
    if (answer.ready) return { summary: answer.text }
    if (deadline.passed)
      return { summary: answer.text, cause: notReadyCause(readiness, answer, container, trial) }
    await sleep(readiness.type === 'healthcheck' ? healthPause : pause, { signal })
  }
}

async function causeOfEarlyEnd(container: Container, trial: Trial): Promise<Cause> {
  const ending = await container.ended
  return causeOfEnding({ ...trial, log: container.log.lines, ending })
}

/** A service that lives on although something in it failed has said so in its log. */
function notReadyCause(
  readiness: Readiness,
  answer: { text: string; answered: boolean; said?: string[] },
  container: Container,
  trial: Trial,
): Cause {
  const alive = { exitCode: 0, outOfMemory: false }
  const sign = signCause({ platform: trial.platform, log: container.log.lines, ending: alive })
  if (sign) return { ...sign, text: `${answer.text}: ${sign.text}` }
  if (readiness.type === 'healthcheck') return unhealthyCause(answer.text, answer.said ?? [], trial)
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

/** The check is a program of the image as well, and may be what is broken. */
function unhealthyCause(text: string, said: readonly string[], trial: Trial): Cause {
  const waited = `(for ${Math.round(trial.timeout / 1000)} s)`
  const missing = said.map((line) => /(\S+): (?:command )?not found/.exec(line)?.[1]).find(Boolean)
  return {
    code: 'unhealthy',
    text: `${text} ${waited}`,
    hint: missing
      ? `the image has no ${missing}: slim images lack curl and wget; node -e "fetch(…)" does the same`
      : 'the service runs, and the image calls it unhealthy: what the check needs may not be there',
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
  const patience = (probe.stopTimeout ?? defaultStopTimeout) * (trial.emulated ? emulationFactor : 1)
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
