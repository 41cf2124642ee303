/** When and how long to wait before a request is sent again. */
import { RegistryError } from './registry-error.ts'

export interface RetryPolicy {
  /** how often a request is sent at most */
  attempts: number
  /** milliseconds before the second; doubled for each further one, up to `longest` */
  first: number
  longest: number
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 5, first: 300, longest: 10_000 }

/** Longer waits that a registry asks for (`Retry-After`) are not waited: the user decides what to do meanwhile. */
export const longestRequestedWait = 60_000

/** Exponential backoff with jitter, so that clients that failed together do not come back together. `attempt` counts from 1. */
export function backoff(attempt: number, { first, longest }: RetryPolicy): number {
  const ceiling = Math.min(first * 2 ** (attempt - 1), longest)
  return ceiling / 2 + Math.random() * (ceiling / 2)
}

/** Milliseconds that a `Retry-After` header asks for: seconds, or an HTTP date. */
export function requestedWait(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** Milliseconds to wait after a failure: what the registry asked for, else the backoff. */
export function waitAfter(error: unknown, attempt: number, policy: RetryPolicy): number {
  const requested = error instanceof RegistryError ? error.exchange?.retryAfter : undefined
  return requested ?? backoff(attempt, policy)
}
