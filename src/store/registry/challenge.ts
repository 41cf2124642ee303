/** `WWW-Authenticate` (RFC 9110, section 11.6.1): which schemes a server offers, with their parameters. */

export interface Challenge {
  /** lower case */
  scheme: string
  /** by lower-case name */
  parameters: ReadonlyMap<string, string>
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const parameter = new RegExp(`^\\s*(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))\\s*(?:,|$)`)
const scheme = new RegExp(`^[\\s,]*(${token})(?:\\s+|\\s*(?:,|$))`)

/** Reads a header's value; several challenges may share it. What cannot be understood ends the reading. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = []
  let rest = header
  for (let start = scheme.exec(rest); start; start = scheme.exec(rest)) {
    rest = rest.slice(start[0].length)
    const parameters = new Map<string, string>()
    for (let found = parameter.exec(rest); found; found = parameter.exec(rest)) {
      rest = rest.slice(found[0].length)
      const value = found[2] === undefined ? found[3] : found[2].replace(/\\(.)/g, '$1')
      parameters.set((found[1] as string).toLowerCase(), value as string)
    }
    challenges.push({ scheme: (start[1] as string).toLowerCase(), parameters })
  }
  return challenges
}
