/** A suite at one place, as it was configured; nothing of it was read yet. */

/** Where keys come from that an archive's index may be signed with. */
export type Trust =
  /** Debian's own archive keys: those of the host, and those that come with everyarch */
  | { kind: 'debian' }
  /** what the `Signed-By` option of an apt source says */
  | { kind: 'signed-by'; value: string }
  /** every key that the host's apt trusts */
  | { kind: 'apt' }

export interface Archive {
  /** root of `dists/` and `pool/`, without a trailing slash: http, https or file */
  uri: string
  /** folder below `dists/` */
  suite: string
  /** a key of any of these will do */
  trust: readonly Trust[]
  checkValidUntil: boolean
  checkDate: boolean
}

/** What a suite is made of. The places of one part are alternatives: the first that has it is used. */
export interface ArchiveParts {
  release: readonly Archive[]
  updates: readonly Archive[]
  security: readonly Archive[]
}

/** Suites that have neither updates nor security parts of their own. */
const rolling = new Set(['sid', 'unstable', 'experimental'])

/** The name of a part's suite, or undefined where the suite has no such part. */
export function partSuite(suite: string, part: keyof ArchiveParts): string | undefined {
  if (part === 'release') return suite
  return rolling.has(suite) ? undefined : `${suite}-${part}`
}
