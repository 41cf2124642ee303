/** `3000/healthz`: an HTTP request in one word. */
import type { Readiness } from './probe.ts'
import { SmokeError } from './smoke-error.ts'

export type HttpReadiness = Extract<Readiness, { type: 'http' }>

/** Reads `PORT`, `PORT/path` or `:PORT/path`. Throws `SmokeError` `INVALID_PROBE`. */
export function parseHttpReadiness(text: string): HttpReadiness {
  const [, number, path = '/'] = /^:?(\d{1,5})(\/\S*)?$/.exec(text) ?? []
  const port = Number(number)
  if (!number || port < 1 || port > 65_535) {
    throw new SmokeError('INVALID_PROBE', `${text} is no port and path`, {
      kind: 'usage',
      hint: 'write a port and a path, such as 3000/healthz',
    })
  }
  return { type: 'http', port, path }
}
