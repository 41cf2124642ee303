/** The steps of a build as they happen: kept for the report, told as progress, asked about when something fails. */
import type { Progress, Station } from '../../../base/index.ts'
import type { SolveEvent } from './solve-event.ts'
import { parseStepName, type StepName } from './step-name.ts'

/** One step of a finished build, for reports. Times are milliseconds since the build began. */
export interface BuildStep {
  name: string
  platform?: string
  stage?: string
  start: number
  milliseconds: number
  cached: boolean
  /** it ran a program of another CPU in QEMU */
  emulated: boolean
  error?: string
}

export interface RunningStep {
  id: string
  name: string
  words: StepName
  /** the platform whose programs it runs, where it is known */
  platform: string | undefined
  emulated: boolean
  startedAt: number
  endedAt?: number
  /** when it last gave a sign of life */
  activeAt: number
  cached: boolean
  canceled: boolean
  error?: string
  /** the last lines that its program printed */
  log: string[]
  /** bytes by part */
  transfers: Map<string, { done: number; total: number | undefined }>
}

export interface TimelineSettings {
  /** distinguishes the steps of builds that run side by side */
  prefix: string
  progress: Progress
  now(): number
  /** on which platform a step runs, and whether that is emulated */
  runsOn(words: StepName): { platform: string | undefined; emulated: boolean }
}

const keptLines = 40

export class Timeline {
  readonly steps = new Map<string, RunningStep>()
  readonly notices: Extract<SolveEvent, { type: 'notice' }>[] = []
  readonly #settings: TimelineSettings
  readonly #start: number

  constructor(settings: TimelineSettings) {
    this.#settings = settings
    this.#start = settings.now()
  }

  apply(event: SolveEvent): void {
    if (event.type === 'notice') {
      this.notices.push(event)
      return
    }
    if (event.type === 'step') this.#step(event)
    const step = this.steps.get(event.id)
    if (!step) return
    step.activeAt = this.#settings.now()
    if (event.type === 'log') this.#log(step, event)
    if (event.type === 'transfer') this.#transfer(step, event)
  }

  /** Steps that run at this moment. */
  get running(): RunningStep[] {
    return [...this.steps.values()].filter((step) => step.endedAt === undefined)
  }

  /** The step that failed first; steps that were only stopped because of it do not count. */
  get failed(): RunningStep | undefined {
    return [...this.steps.values()].find((step) => step.error !== undefined)
  }

  report(): BuildStep[] {
    const now = this.#settings.now()
    return [...this.steps.values()]
      .filter(({ words }) => words.kind !== 'internal')
      .map((step) => ({
        name: step.name,
        ...(step.platform ? { platform: step.platform } : {}),
        ...(step.words.stage ? { stage: step.words.stage } : {}),
        start: Math.round(step.startedAt - this.#start),
        milliseconds: Math.round((step.endedAt ?? now) - step.startedAt),
        cached: step.cached,
        emulated: step.emulated && !step.cached,
        ...(step.error ? { error: step.error } : {}),
      }))
  }

  #step(event: Extract<SolveEvent, { type: 'step' }>): void {
    if (!event.started && !event.completed) return
    let step = this.steps.get(event.id)
    if (!step) {
      step = this.#begin(event)
      this.steps.set(event.id, step)
    }
    // BuildKit may begin a step again: looking it up in the cache is a first try of its own.
    if (!event.completed) {
      delete step.endedAt
      this.#tellStart(step)
      return
    }
    step.cached = event.cached ?? false
    step.canceled = event.canceled ?? false
    if (event.error) step.error = event.error
    step.endedAt = this.#settings.now()
    this.#tellEnd(step)
  }

  #begin({ id, name }: { id: string; name: string }): RunningStep {
    const words = parseStepName(name)
    const now = this.#settings.now()
    return {
      id,
      name,
      words,
      ...this.#settings.runsOn(words),
      startedAt: now,
      activeAt: now,
      cached: false,
      canceled: false,
      log: [],
      transfers: new Map(),
    }
  }

  #log(step: RunningStep, { stream, line }: Extract<SolveEvent, { type: 'log' }>): void {
    step.log.push(line)
    if (step.log.length > keptLines) step.log.shift()
    this.#settings.progress({ type: 'output', id: this.#id(step), stream, line })
  }

  #transfer(step: RunningStep, { part, done, total }: Extract<SolveEvent, { type: 'transfer' }>): void {
    step.transfers.set(part, { done: Math.max(done, step.transfers.get(part)?.done ?? 0), total })
    const parts = [...step.transfers.values()]
    if (step.words.kind === 'run' || !parts.some((one) => one.total)) return
    this.#settings.progress({
      type: 'advance',
      id: this.#id(step),
      done: parts.reduce((sum, one) => sum + one.done, 0),
      total: parts.reduce((sum, one) => sum + (one.total ?? one.done), 0),
    })
  }

  #tellStart(step: RunningStep): void {
    const station = stationOf(step.words)
    if (station === undefined) return
    this.#settings.progress({
      type: 'start',
      id: this.#id(step),
      station,
      text: textOf(step),
      ...(step.platform ? { platform: step.platform } : {}),
      ...(step.words.kind === 'base' ? { unit: 'bytes' as const } : {}),
    })
  }

  #tellEnd(step: RunningStep): void {
    if (stationOf(step.words) === undefined || step.error !== undefined || step.canceled) return
    if (step.cached && step.words.kind !== 'run') return
    const text = step.platform ? `${step.platform} ${textOf(step)}` : textOf(step)
    if (step.cached) this.#tellStart(step)
    this.#settings.progress({
      type: 'end',
      id: this.#id(step),
      text,
      ...(step.cached ? { cached: true } : {}),
    })
  }

  #id({ id }: RunningStep): string {
    return `${this.#settings.prefix}${id}`
  }
}

/** What people wait for; BuildKit's own errands are not told. */
function stationOf({ kind }: StepName): Station | undefined {
  if (kind === 'base') return 'base'
  if (kind === 'export') return 'layers'
  return kind === 'run' || kind === 'copy' || kind === 'context' ? 'build' : undefined
}

function textOf({ words: { stage, text }, emulated, cached }: RunningStep): string {
  const short = text
    .replace(/@sha256:[0-9a-f]+/, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 60)
  return `${stage ? `${stage}: ` : ''}${short}${emulated && !cached ? ' (emulated)' : ''}`
}
