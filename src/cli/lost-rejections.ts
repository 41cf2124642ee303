/**
 * Promises that reject while nobody holds them. Node ends the process for one, with a stack trace, and npm's HTTP client makes one
 * whenever a connection breaks while it writes its cache: the same failure, or the success of a second attempt, reaches us on
 * the road that it should take. So they are collected, and judged when the work is over.
 */
import { codeOf, InternalError } from '../base/index.ts'

export interface LostRejections {
  /** The work is over: what was lost and is no connection's failure, a mistake in a program; undefined when there is none. */
  bug(): unknown
}

interface ProcessEvents {
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown
  on(event: 'beforeExit', listener: () => void): unknown
}

/**
 * Collects from now on. `stranded` is called when nothing is left that could end the work, which was waiting for what was lost:
 * with the first lost failure.
 */
export function collectLostRejections(
  events: ProcessEvents,
  stranded: (failure: unknown) => void,
): LostRejections {
  const lost: unknown[] = []
  let over = false
  events.on('unhandledRejection', (reason) => {
    lost.push(reason)
  })
  events.on('beforeExit', () => {
    if (over) return
    over = true
    stranded(lost[0] ?? new InternalError('the work ended in the middle'))
  })
  return {
    bug() {
      over = true
      return lost.find((reason) => !isOfConnection(reason))
    },
  }
}

const connectionCodes =
  /^(?:E(?:CONN|PIPE|TIMEDOUT|NOTFOUND|AI_|HOST|NET|PROTO|RR_STREAM|RR_SOCKET)|UND_ERR|ABORT_ERR|EINTEGRITY|EBADSIZE)/
const connectionNames = new Set(['FetchError', 'AbortError', 'InterruptedError'])

function isOfConnection(reason: unknown): boolean {
  const name = reason instanceof Error ? reason.name : ''
  return connectionNames.has(name) || connectionCodes.test(codeOf(reason) ?? '')
}
