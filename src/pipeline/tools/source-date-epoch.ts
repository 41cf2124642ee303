import { CodedError } from '../../base/index.ts'

/** The last second that a year of four digits can say. */
const latest = 253_402_300_799

/** SOURCE_DATE_EPOCH (reproducible-builds.org): seconds since 1970; 0 when it is not set. Throws `INVALID_ENVIRONMENT`. */
export function sourceDateEpoch(env: Readonly<Record<string, string | undefined>>): number {
  const text = env.SOURCE_DATE_EPOCH
  if (text === undefined || text === '') return 0
  const seconds = Number(text)
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= latest) return seconds
  throw new CodedError('INVALID_ENVIRONMENT', `SOURCE_DATE_EPOCH=${text} is not a time`, {
    kind: 'usage',
    hint: 'it is a whole number of seconds since 1970, such as $(git log -1 --format=%ct)',
  })
}
