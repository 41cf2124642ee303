/** The command line's words as probes. */
import { CodedError } from '../../base/index.ts'
import {
  type Expectation,
  parseHttpReadiness,
  parseMemory,
  type Probe,
  type ProbeSettings,
  type Readiness,
} from '../../smoke/index.ts'

/** What `smoke` and every command with a smoke test of its own understand. */
export interface ProbeFlags {
  http?: readonly string[]
  /** of every `http` */
  httpStatus?: number
  httpBody?: string
  httpHeader?: readonly string[]
  tcp?: readonly number[]
  log?: readonly string[]
  healthcheck?: boolean
  addons?: boolean
  exitCode?: number
  expectOutput?: string
  /** `file:service`, absolute or below the working directory */
  compose?: readonly string[]
  env?: readonly string[]
  readOnly?: boolean
  memory?: string
  /** seconds */
  timeout?: number
  stableFor?: number
  stopTimeout?: number
  retries?: number
}

/**
 * What the flags ask: addons, a command, a start, compose services, in this order. With no such question, `otherwise` (what the
 * configuration says, or the default) with the settings of the flags. Throws `CodedError` `INVALID_FLAG`.
 */
export function probesOf(
  argv: readonly string[],
  flags: ProbeFlags,
  otherwise: readonly Probe[],
  absolute: (path: string) => string,
): Probe[] {
  const settings = settingsOf(flags)
  const ready = readinessOf(flags)
  const asked: Probe[] = [
    ...(flags.addons ? [{ type: 'addons', ...settings } as const] : []),
    ...(argv.length > 0 ? [commandProbe(argv, flags, settings)] : []),
    ...(ready.length > 0 ? [startProbe(ready, flags, settings)] : []),
    ...(flags.compose ?? []).map((text) => ({ ...composeProbe(text, absolute), ...settings })),
  ]
  expectMeaning(flags, argv, ready)
  if (asked.length > 0) return asked
  return otherwise.map((probe) => ({ ...probe, ...settings, env: { ...probe.env, ...settings.env } }))
}

function settingsOf({ env = [], timeout, retries, readOnly, memory }: ProbeFlags): ProbeSettings {
  return {
    env: Object.fromEntries(env.map((item) => pair('--env', item, '='))),
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    ...(retries === undefined ? {} : { retries }),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(memory === undefined ? {} : { memory: parseMemory(memory) }),
  }
}

function commandProbe(
  argv: readonly string[],
  { exitCode, expectOutput }: ProbeFlags,
  settings: ProbeSettings,
): Probe {
  return {
    type: 'command',
    argv,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(expectOutput === undefined ? {} : { output: expectation('--expect-output', expectOutput) }),
    ...settings,
  }
}

function startProbe(
  ready: readonly Readiness[],
  { stableFor, stopTimeout }: ProbeFlags,
  settings: ProbeSettings,
): Probe {
  return {
    type: 'start',
    ready,
    ...(stableFor === undefined ? {} : { stableFor: stableFor * 1000 }),
    ...(stopTimeout === undefined ? {} : { stopTimeout: stopTimeout * 1000 }),
    ...settings,
  }
}

function composeProbe(text: string, absolute: (path: string) => string): Probe {
  const colon = text.lastIndexOf(':')
  if (colon < 1 || colon === text.length - 1) {
    throw badFlag(
      `--compose ${text}: a file and a service are needed`,
      'write --compose compose.test.yaml:tests',
    )
  }
  return { type: 'compose', file: absolute(text.slice(0, colon)), service: text.slice(colon + 1) }
}

function readinessOf(flags: ProbeFlags): Readiness[] {
  const { log = [], tcp = [], http = [], healthcheck } = flags
  return [
    ...log.map((text) => ({ type: 'log', text: expectation('--log', text) }) as const),
    ...tcp.map((port) => ({ type: 'tcp', port }) as const),
    ...http.map((text) => ({ ...parseHttpReadiness(text), ...httpExpectations(flags) })),
    ...(healthcheck ? [{ type: 'healthcheck' } as const] : []),
  ]
}

function httpExpectations({ httpStatus, httpBody, httpHeader }: ProbeFlags): object {
  const headers = (httpHeader ?? []).map((item) => {
    const [name, value] = pair('--http-header', item, ':')
    return [name, expectation('--http-header', value.trim())]
  })
  return {
    ...(httpStatus === undefined ? {} : { status: httpStatus }),
    ...(httpBody === undefined ? {} : { body: expectation('--http-body', httpBody) }),
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
  }
}

/** A text, or `/pattern/` or `/pattern/i`. */
function expectation(flag: string, text: string): Expectation {
  const [, pattern, options] = /^\/(.+)\/([imsu]*)$/.exec(text) ?? []
  if (pattern === undefined) return text
  try {
    return new RegExp(pattern, options)
  } catch {
    throw badFlag(
      `${flag} ${text}: this is no regular expression`,
      'a text without slashes is searched as it is',
    )
  }
}

/** An expectation of what is not asked would be silently dropped. */
function expectMeaning(flags: ProbeFlags, argv: readonly string[], ready: readonly Readiness[]): void {
  const { exitCode, expectOutput, httpStatus, httpBody, httpHeader, stableFor, stopTimeout } = flags
  const need = (flag: string, given: unknown, has: boolean, what: string) => {
    if (given === undefined || has) return
    throw badFlag(`${flag} means nothing without ${what}`, `give ${what}, or leave ${flag} out`)
  }
  need('--exit-code', exitCode, argv.length > 0, 'a command')
  need('--expect-output', expectOutput, argv.length > 0, 'a command')
  const asksHttp = (flags.http ?? []).length > 0
  need('--http-status', httpStatus, asksHttp, '--http')
  need('--http-body', httpBody, asksHttp, '--http')
  need('--http-header', httpHeader, asksHttp, '--http')
  const starts = ready.length > 0
  need('--stable-for', stableFor, starts, '--http, --tcp, --log or --healthcheck')
  need('--stop-timeout', stopTimeout, starts, '--http, --tcp, --log or --healthcheck')
}

function pair(flag: string, item: string, separator: string): [string, string] {
  const at = item.indexOf(separator)
  if (at < 1) {
    throw badFlag(`${flag} ${item}: a name and a value are needed`, `write ${flag} NAME${separator}value`)
  }
  return [item.slice(0, at), item.slice(at + 1)]
}

function badFlag(message: string, hint: string): CodedError {
  return new CodedError('INVALID_FLAG', message, { kind: 'usage', hint })
}
