/** The `smoke` key of a configuration as probes. */
import { resolve } from 'node:path'
import type { ExpectedText, SmokeProbe } from '../project/index.ts'
import { parseHttpReadiness } from './http-readiness.ts'
import { parseMemory } from './memory.ts'
import type { Expectation, Probe, ProbeSettings, Readiness } from './probe.ts'

/** The probes that a configuration asks for, in its order; `root` is the folder that its paths are relative to. */
export function probesFromConfiguration(list: readonly SmokeProbe[], root: string): Probe[] {
  return list.map((item) => probeOf(item, root))
}

function probeOf(item: SmokeProbe, root: string): Probe {
  const settings = settingsOf(item)
  const { command, exitCode, output, compose, stableFor, stopTimeout } = item
  if (compose)
    return { type: 'compose', file: resolve(root, compose.file), service: compose.service, ...settings }
  if (command) {
    return {
      type: 'command',
      argv: command,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(output === undefined ? {} : { output: expectationOf(output) }),
      ...settings,
    }
  }
  const ready = readinessOf(item)
  if (ready.length === 0) return { type: 'addons', ...settings }
  return {
    type: 'start',
    ready,
    ...(stableFor === undefined ? {} : { stableFor: stableFor * 1000 }),
    ...(stopTimeout === undefined ? {} : { stopTimeout: stopTimeout * 1000 }),
    ...settings,
  }
}

function settingsOf({ platforms, timeout, env, retries, readOnly, memory }: SmokeProbe): ProbeSettings {
  return {
    ...(platforms ? { platforms } : {}),
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    ...(env ? { env } : {}),
    ...(retries === undefined ? {} : { retries }),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(memory === undefined ? {} : { memory: parseMemory(memory) }),
  }
}

/** In the order in which a service usually gets there. */
function readinessOf({ log, tcp, http, healthcheck }: SmokeProbe): Readiness[] {
  return [
    ...(log === undefined ? [] : [{ type: 'log', text: expectationOf(log) } as const]),
    ...(tcp === undefined ? [] : [{ type: 'tcp', port: tcp } as const]),
    ...(http === undefined ? [] : [httpOf(http)]),
    ...(healthcheck ? [{ type: 'healthcheck' } as const] : []),
  ]
}

function httpOf(check: NonNullable<SmokeProbe['http']>): Readiness {
  if (typeof check === 'string') return parseHttpReadiness(check)
  const { port, path = '/', status, body, headers } = check
  return {
    type: 'http',
    port,
    path,
    ...(status === undefined ? {} : { status }),
    ...(body === undefined ? {} : { body: expectationOf(body) }),
    ...(headers
      ? {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, text]) => [name, expectationOf(text)]),
          ),
        }
      : {}),
  }
}

function expectationOf(text: ExpectedText): Expectation {
  return typeof text === 'string' ? text : new RegExp(text.matches)
}
