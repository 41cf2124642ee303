/** The command line's words as probes. */
import { CodedError } from '../../base/index.ts'
import { defaultProbes, type Probe, type ProbeSettings, type Readiness } from '../../smoke/index.ts'

export interface ProbeFlags {
  http?: readonly string[]
  tcp?: readonly number[]
  log?: readonly string[]
  env?: readonly string[]
  /** seconds */
  timeout?: number
  stopTimeout?: number
  retries?: number
}

/** A command, a start, both, or what is tested when nothing is asked. Throws `CodedError` `INVALID_FLAG`. */
export function probesOf(argv: readonly string[], flags: ProbeFlags): Probe[] {
  const { timeout, stopTimeout, retries } = flags
  const settings: ProbeSettings = {
    env: variables(flags.env ?? []),
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    ...(retries === undefined ? {} : { retries }),
  }
  const ready = readiness(flags)
  const asked: Probe[] = [
    ...(argv.length > 0 ? [{ type: 'command', argv, ...settings } as const] : []),
    ...(ready.length > 0
      ? [
          {
            type: 'start',
            ready,
            ...(stopTimeout === undefined ? {} : { stopTimeout: stopTimeout * 1000 }),
            ...settings,
          } as const,
        ]
      : []),
  ]
  const probes = asked.length > 0 ? asked : defaultProbes.map((probe) => ({ ...probe, ...settings }))
  return probes
}

function readiness({ log = [], tcp = [], http = [] }: ProbeFlags): Readiness[] {
  return [
    ...log.map((text) => ({ type: 'log', text }) as const),
    ...tcp.map((port) => ({ type: 'tcp', port }) as const),
    ...http.map(httpReadiness),
  ]
}

function httpReadiness(text: string): Readiness {
  const [, number, path = '/'] = /^:?(\d{1,5})(\/\S*)?$/.exec(text) ?? []
  const port = Number(number)
  if (!number || port < 1 || port > 65_535) {
    throw new CodedError('INVALID_FLAG', `--http ${text}: this is no port and path`, {
      kind: 'usage',
      hint: 'write --http 3000/healthz',
    })
  }
  return { type: 'http', port, path }
}

function variables(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((item) => {
      const equals = item.indexOf('=')
      if (equals < 1) {
        throw new CodedError('INVALID_FLAG', `--env ${item}: a name and a value are needed`, {
          kind: 'usage',
          hint: 'write --env NAME=value',
        })
      }
      return [item.slice(0, equals), item.slice(equals + 1)]
    }),
  )
}
