/** Loads the addons that this platform picks, in one Node process; after a crash, the rest in another. */
import type { CancelOptions } from '../../base/index.ts'
import { mark, type LoaderLine, loaderCommand, parseLoaderLine } from '../addons/loader-program.ts'
import type { Candidate } from '../addons/pick-addons.ts'
import { type Cause, causeOfEnding, signCause } from '../cause/cause.ts'
import type { Ending } from '../runners/runner.ts'
import type { AddonResult } from '../smoke-report.ts'
import { Deadline } from './deadline.ts'
import { surroundings, timeoutCause, type Trial, type TrialOutcome } from './trial.ts'

const maxCrashes = 5
/** One argument of a program may have 128 KiB. */
const maxBatch = 400

export async function loadAddonsProbe(trial: Trial, { signal }: CancelOptions): Promise<TrialOutcome> {
  const results = new Map<string, AddonResult>(
    [...trial.addons.skipped].map(([path, reason]) => [path, { path, outcome: 'skipped', reason }]),
  )
  const deadline = new Deadline(trial.timeout)
  let first: Cause | undefined
  let log: readonly string[] = []
  let remaining = trial.addons.candidates
  for (let crashes = 0; crashes < maxCrashes; ) {
    const run = await loadOnce(remaining.slice(0, maxBatch), trial, deadline, { signal })
    log = [...log, ...run.log].slice(-200)
    for (const result of run.results) results.set(result.path, result)
    first ??= run.cause
    remaining = remaining.filter(({ path }) => !results.has(path))
    if (remaining.length === 0 || run.results.length === 0 || deadline.passed) break
    if (!run.complete) crashes++
  }
  const addons = [...results.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  const summary = summaryOf(addons)
  return { summary, ...(first ? { cause: first } : {}), log, addons }
}

interface Loading {
  results: AddonResult[]
  /** it came to its end: what it did not name does not exist */
  complete: boolean
  cause?: Cause
  log: string[]
}

async function loadOnce(
  candidates: readonly Candidate[],
  trial: Trial,
  deadline: Deadline,
  { signal }: CancelOptions,
): Promise<Loading> {
  await using container = await trial.prepared.start(
    { argv: loaderCommand(candidates), ...surroundings(trial), ports: [] },
    { signal },
  )
  const said: LoaderLine[] = []
  const stop = container.log.watch((line) => {
    const parsed = parseLoaderLine(line)
    if (parsed) said.push(parsed)
  })
  const ending = await deadline.of(container.ended, { signal })
  stop()
  const log = container.log.lines.filter((line) => line !== '' && !line.startsWith(mark))
  return judge(said, ending, log, trial)
}

function judge(
  said: readonly LoaderLine[],
  ending: Ending | undefined,
  log: string[],
  trial: Trial,
): Loading {
  const results: AddonResult[] = []
  let cause: Cause | undefined
  const fail = (path: string, reason: Cause) => {
    results.push({ path, outcome: 'failed', reason: reason.text })
    cause ??= { ...reason, text: `${path}: ${reason.text}` }
  }
  for (const line of said) {
    if (line.event === 'loaded') results.push({ path: line.path, outcome: 'loaded' })
    if (line.event === 'skipped') results.push({ path: line.path, outcome: 'skipped', reason: line.reason })
    if (line.event === 'failed') fail(line.path, loadFailure(line.message, trial))
  }
  const complete = said.some(({ event }) => event === 'end')
  if (complete && ending?.exitCode === 0) return { results, complete, log, ...(cause ? { cause } : {}) }
  const why = ending
    ? withoutNode(causeOfEnding({ ...trial, log, ending }))
    : timeoutCause(trial, 'loading did not end')
  const last = said.findLast(({ event }) => event === 'loading')
  const culprit =
    last && 'path' in last && !results.some(({ path }) => path === last.path) ? last.path : undefined
  if (culprit) fail(culprit, why)
  return { results, complete: complete || !ending, log, cause: cause ?? why }
}

/** What is missing is the program that we chose: nothing of the image's own is wrong with that. */
function withoutNode(cause: Cause): Cause {
  if (cause.code !== 'program-missing') return cause
  return {
    code: cause.code,
    text: 'the image has no node on its PATH, which would load its native addons',
    hint: 'ask something else of it: a command after --, --http, --tcp, --log, or "smoke" in the configuration',
  }
}

function loadFailure(message: string, { platform }: Trial): Cause {
  const sign = signCause({ platform, log: [message], ending: { exitCode: 0, outOfMemory: false } })
  return (
    sign ?? {
      code: 'addon-not-loaded',
      text: message.split('\n')[0] ?? message,
      hint: 'run "everyarch verify" on the image: it tells what this file needs',
    }
  )
}

function summaryOf(addons: readonly AddonResult[]): string {
  const count = (outcome: AddonResult['outcome']) =>
    addons.filter((addon) => addon.outcome === outcome).length
  const [loaded, failed] = [count('loaded'), count('failed')]
  if (failed > 0) return `${failed} of ${loaded + failed} addons cannot be loaded`
  if (loaded === 0) return 'node runs, no addons'
  return loaded === 1 ? '1 addon' : `${loaded} addons`
}
