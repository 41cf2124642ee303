/** Cancellation: every internal async function takes `{ signal }`; one controller per process is wired to Ctrl-C. */
import { InterruptedError } from './errors.ts'

/** Throws the signal's own reason (an `InterruptedError` for Ctrl-C) when it was aborted. */
export function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return
  throw reasonOf(signal)
}

/** What to throw for an aborted signal: its reason when that is an error of ours, else `InterruptedError`. */
export function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error && reason.name !== 'AbortError' ? reason : new InterruptedError()
}

/** Resolves after `milliseconds`, or rejects at once when the signal is aborted. */
export function sleep(milliseconds: number, { signal }: { signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(reasonOf(signal))
    const onAbort = () => {
      clearTimeout(timer)
      reject(reasonOf(signal))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
