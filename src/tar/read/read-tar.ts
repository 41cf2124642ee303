/** Reads archives from anywhere: every name, number and size in them is a stranger's claim. */
import type { CancelOptions } from '../../base/index.ts'
import type { PathProblem, TarEntry } from '../entry.ts'
import { TarError, type TarErrorCode } from '../tar-error.ts'
import { ByteQueue } from './byte-queue.ts'
import { EntryBody } from './entry-body.ts'
import { depthOf, resolveEntryPath, resolveLinkPath } from './entry-path.ts'
import { type Member, MemberReader } from './member.ts'

/** What an archive may be made of at most; anything beyond is a `TarError` `TAR_LIMIT`. */
export interface TarLimits {
  /** bytes of the whole archive, holes of sparse files included; default 64 GiB */
  maxBytes: number
  /** members; default 1 000 000 */
  maxEntries: number
  /** bytes of one path or link target; default 4096, as Linux allows */
  maxPathBytes: number
  /** bytes of all paths and link targets together; default 256 MiB */
  maxTotalPathBytes: number
  /** segments of one path; default 256 */
  maxDepth: number
  /** bytes of one PAX header, GNU long name or sparse map; default 1 MiB */
  maxExtendedHeaderBytes: number
}

const defaultLimits: TarLimits = {
  maxBytes: 64 * 2 ** 30,
  maxEntries: 1_000_000,
  maxPathBytes: 4096,
  maxTotalPathBytes: 256 * 2 ** 20,
  maxDepth: 256,
  maxExtendedHeaderBytes: 2 ** 20,
}

export interface ReadTarOptions extends CancelOptions {
  /**
   * `strict`, for packages: a member with any problem but a symbolic link's `absolute-link`, and any device or pipe, is a
   * `TarError` that names it. `report`, for container layers: problems are listed on the member, nothing is refused.
   */
  paths: 'strict' | 'report'
  limits?: Partial<TarLimits>
  /** what the archive is called in messages */
  name?: string
}

/**
 * Reads an archive as a stream: v7, ustar, GNU and PAX, sparse files included. A body that is not read is skipped; the stream
 * is read to its end even behind the end-of-archive marker, so that a check of its digest upstream completes.
 *
 * Throws `TarError`: `TAR_TRUNCATED`, `TAR_MALFORMED`, `TAR_UNSUPPORTED`, `TAR_LIMIT`, and when strict `TAR_UNSAFE_PATH`,
 * `TAR_SPECIAL_FILE`.
 */
export async function* readTar(
  stream: AsyncIterable<Uint8Array>,
  { signal, paths, limits, name = 'the archive' }: ReadTarOptions,
): AsyncGenerator<TarEntry> {
  const bounds = { ...defaultLimits, ...limits }
  const queue = new ByteQueue(stream, { signal, name, maxBytes: bounds.maxBytes })
  try {
    const members = new MemberReader(queue, bounds.maxExtendedHeaderBytes)
    const admit = admission(bounds, name)
    const problemsOf = problemFinder()
    for (let member = await members.next(); member; member = await members.next()) {
      const body = new EntryBody(queue, member)
      const entry = toEntry(member, body, queue.position)
      entry.problems = [...entry.problems, ...problemsOf(entry)]
      admit(entry)
      if (paths === 'strict') refuseUnsound(entry, name)
      try {
        yield entry
      } finally {
        body.expire()
      }
      await body.skip()
    }
    await queue.drain()
  } finally {
    await queue.close()
  }
}

function toEntry(member: Member, body: EntryBody, offset: number): TarEntry {
  const { type, rawPath, rawLinkPath, mode, uid, gid, uname, gname, mtime, devmajor, devminor, xattrs } =
    member
  const { path, problems } = resolveEntryPath(rawPath, type)
  const link =
    type === 'hardlink' || type === 'symlink' ? resolveLinkPath(rawLinkPath, path, type) : undefined
  const isDevice = type === 'character-device' || type === 'block-device'
  return {
    path,
    rawPath,
    type,
    mode,
    uid,
    gid,
    ...(uname !== '' && { uname }),
    ...(gname !== '' && { gname }),
    mtime,
    size: type === 'file' ? (member.sparse?.size ?? member.storedSize) : 0,
    ...(link && { linkPath: link.path }),
    ...(isDevice && { devmajor, devminor }),
    ...(xattrs.size > 0 && { xattrs }),
    problems: [...problems, ...(link?.problems ?? [])],
    offset,
    body,
  }
}

/** Counts entries and bytes against the limits. */
function admission(limits: TarLimits, archive: string): (entry: TarEntry) => void {
  const total = { maxEntries: 0, maxTotalPathBytes: 0, maxBytes: 0 }
  return (entry) => {
    const check = (limit: keyof TarLimits, value: number, what: string) => {
      if (value <= limits[limit]) return
      throw new TarError('TAR_LIMIT', `${archive}: ${what}, at ${shown(entry.rawPath)}`, {
        kind: 'environment',
        details: { limit: limits[limit] },
      })
    }
    const pathBytes = Buffer.byteLength(entry.rawPath)
    const linkBytes = Buffer.byteLength(entry.linkPath ?? '')
    total.maxEntries++
    total.maxBytes += entry.size
    total.maxTotalPathBytes += pathBytes + linkBytes
    check('maxEntries', total.maxEntries, `more than ${limits.maxEntries} entries`)
    check('maxPathBytes', Math.max(pathBytes, linkBytes), `a name longer than ${limits.maxPathBytes} bytes`)
    check('maxDepth', depthOf(entry.path), `a path deeper than ${limits.maxDepth} segments`)
    check(
      'maxTotalPathBytes',
      total.maxTotalPathBytes,
      `more than ${limits.maxTotalPathBytes} bytes of names`,
    )
    check('maxBytes', total.maxBytes, `more than ${limits.maxBytes} bytes of content`)
  }
}

/** Finds paths that go through a symbolic link that the archive itself made before. */
function problemFinder(): (entry: TarEntry) => PathProblem[] {
  const symlinks = new Set<string>()
  const isBeneath = (path: string) => {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (symlinks.has(path.slice(0, end))) return true
    }
    return false
  }
  return ({ path, type, linkPath = '' }) => {
    const beneath = symlinks.size > 0 && (isBeneath(path) || (type === 'hardlink' && isBeneath(linkPath)))
    if (type === 'symlink') symlinks.add(path)
    else symlinks.delete(path)
    return beneath ? ['beneath-symlink'] : []
  }
}

const explanations: Record<PathProblem, string> = {
  'absolute-path': 'has an absolute path',
  'parent-segment': "has a '..' segment",
  'nul-byte': 'has a NUL byte in its name or target',
  'empty-path': 'has no name',
  'beneath-symlink': 'goes through a symbolic link of the same archive',
  'link-escape': 'links to a place outside of the archive',
  'absolute-link': 'links to an absolute path',
  'empty-link': 'is a link without a target',
}

function refuseUnsound({ rawPath, type, problems }: TarEntry, archive: string): void {
  const refuse = (code: TarErrorCode, what: string): never => {
    throw new TarError(code, `${archive}: the entry ${shown(rawPath)} ${what}`, {
      kind: 'environment',
      hint: 'no sound package has such an entry; do not use this archive',
      details: { path: rawPath, problems },
    })
  }
  const problem = problems.find((found) => found !== 'absolute-link' || type !== 'symlink')
  if (problem) refuse('TAR_UNSAFE_PATH', explanations[problem])
  if (type === 'character-device' || type === 'block-device' || type === 'fifo') {
    refuse('TAR_SPECIAL_FILE', `is a ${type}`)
  }
}

function shown(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path)
}
