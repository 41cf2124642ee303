/** What is asked of an image: values, as the configuration and the command line give them. */
import { assertNever } from '../base/index.ts'

/** What every probe may say. */
export interface ProbeSettings {
  /** platforms that it is made on, as `os/architecture[/variant]`; all when absent */
  platforms?: readonly string[]
  /** milliseconds until it has failed, {@link emulationFactor} times as long under emulation; default 30 s, for compose 5 min */
  timeout?: number
  /** variables added to the image's own */
  env?: Readonly<Record<string, string>>
  /** how often it is tried again after a failure; default 0 */
  retries?: number
  /** the container's root file system cannot be written to */
  readOnly?: boolean
  /** bytes of memory that the container may take; default 2 GiB, or what this machine has where that is less */
  memory?: number
}

/** A text that is found, or a pattern that matches. */
export type Expectation = string | RegExp

/** Runs a command in the image instead of its own. */
export interface CommandProbe extends ProbeSettings {
  type: 'command'
  /** the program and its arguments; no shell is added */
  argv: readonly string[]
  /** default 0 */
  exitCode?: number
  /** what its output must hold, standard output and standard error together */
  output?: Expectation
}

/** Starts the image's own entrypoint, waits until it is ready, and stops it with the image's own stop signal. */
export interface StartProbe extends ProbeSettings {
  type: 'start'
  /** when it counts as ready; all of them, in this order */
  ready: readonly Readiness[]
  /** milliseconds after its start that it has to be there still, ready or not; default 3 s */
  stableFor?: number
  /** milliseconds from the stop signal until it has to be killed, longer under emulation; default 10 s, as engines wait */
  stopTimeout?: number
}

export type Readiness =
  | {
      type: 'http'
      port: number
      /** with its leading slash */
      path: string
      /** the status that is expected; default: any from 200 to 399 */
      status?: number
      /** what the body must hold */
      body?: Expectation
      /** headers that the answer must have, and what they must hold */
      headers?: Readonly<Record<string, Expectation>>
    }
  | { type: 'tcp'; port: number }
  | { type: 'log'; text: Expectation }
  /** the image's own HEALTHCHECK succeeds */
  | { type: 'healthcheck' }

/** Loads every native addon that this platform picks in one Node process; with no addons, it runs an empty program. */
export interface AddonsProbe extends ProbeSettings {
  type: 'addons'
}

/** Runs a service of a compose file as the image, with everything that it depends on; its exit code counts. */
export interface ComposeProbe extends ProbeSettings {
  type: 'compose'
  /** absolute path */
  file: string
  service: string
}

export type Probe = CommandProbe | StartProbe | AddonsProbe | ComposeProbe

/** What is tested of an image of which nothing else is known. */
export const defaultProbes: readonly Probe[] = [{ type: 'addons' }]

/** QEMU runs Node's start about ten times slower, most of what follows a little less. */
export const emulationFactor = 6

/** Milliseconds for a probe; what a compose file names may have to be pulled first. */
export function timeoutOf({ type, timeout }: Probe, emulated: boolean): number {
  const native = timeout ?? (type === 'compose' ? 300_000 : 30_000)
  return emulated ? native * emulationFactor : native
}

/** The probe in a few words, as it stands in reports: `GET :3000/healthz`, `node -v`. */
export function probeText(probe: Probe): string {
  switch (probe.type) {
    case 'command':
      return probe.argv.map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' ')
    case 'addons':
      return 'native addons'
    case 'compose':
      return `compose ${probe.service}`
    case 'start':
      return probe.ready.map(readinessText).join(', ') || 'start'
    default:
      return assertNever(probe)
  }
}

/** `GET :3000/healthz`, `port 3000`, `log "listening"`. */
export function readinessText(readiness: Readiness): string {
  switch (readiness.type) {
    case 'http':
      return `GET :${readiness.port}${readiness.path}`
    case 'tcp':
      return `port ${readiness.port}`
    case 'log':
      return `log ${expectationText(readiness.text)}`
    case 'healthcheck':
      return 'HEALTHCHECK'
    default:
      return assertNever(readiness)
  }
}

export function expectationText(expected: Expectation): string {
  return typeof expected === 'string' ? JSON.stringify(expected) : String(expected)
}

export function isMet(expected: Expectation, text: string): boolean {
  return typeof expected === 'string' ? text.includes(expected) : expected.test(text)
}

/** The ports that a probe has to reach. */
export function portsOf(probe: Probe): number[] {
  if (probe.type !== 'start') return []
  return [...new Set(probe.ready.flatMap((readiness) => ('port' in readiness ? [readiness.port] : [])))]
}
