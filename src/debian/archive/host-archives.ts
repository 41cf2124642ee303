/** The parts of a suite that the host's own apt would use. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, compareText } from '../../base/index.ts'
import { DebianError } from '../debian-error.ts'
import { type AptChecks, aptChecks } from './apt-settings.ts'
import { type AptSource, parseSourcesFile, parseSourcesList } from './apt-sources.ts'
import { type Archive, type ArchiveParts, partSuite, type Trust } from './archive.ts'

/**
 * Finds the suite in the apt configuration below `hostRoot`. A host that has another suite of Debian still names a mirror:
 * the wanted suite is then looked for at the same places. Throws `DebianError`: `DEBIAN_NO_MIRROR` when there is no apt, or
 * none that knows a Debian archive; `DEBIAN_APT_CONFIGURATION`. `checkValidUntil` wins over what apt is configured to do.
 */
export async function hostArchives(
  hostRoot: string | undefined,
  suite: string,
  checkValidUntil?: boolean,
): Promise<ArchiveParts> {
  const host = hostRoot === undefined ? undefined : await readAptConfiguration(join(hostRoot, 'etc/apt'))
  const sources = (host?.sources ?? []).filter(({ components }) => components.includes('main'))
  if (!host || sources.length === 0)
    throw noMirror("the host has no apt sources to take Debian's packages from")
  const part = (name: keyof ArchiveParts) =>
    archivesOf(sources, host.checks, suite, name).map((archive) =>
      checkValidUntil === undefined ? archive : { ...archive, checkValidUntil },
    )
  const parts = { release: part('release'), updates: part('updates'), security: part('security') }
  if (parts.release.length === 0) throw noMirror("the host's apt sources name no Debian archive")
  return parts
}

function noMirror(message: string): DebianError {
  return new DebianError('DEBIAN_NO_MIRROR', message, {
    kind: 'usage',
    hint: 'name a mirror: --debian-mirror URL, or "mirror" beside "assemble" in the configuration (Debian lists its mirrors at debian.org/mirror/list)',
  })
}

/** The places of one part: those that are configured for it, else those of the same part of another suite of Debian. */
function archivesOf(
  sources: readonly AptSource[],
  checks: AptChecks,
  suite: string,
  part: keyof ArchiveParts,
): Archive[] {
  const wanted = partSuite(suite, part)
  if (wanted === undefined) return []
  const exact = sources.filter(({ suites }) => suites.includes(wanted))
  const related = sources.filter(({ suites }) => suites.some((name) => debianPart(name) === part))
  const isExact = exact.length > 0
  return (isExact ? exact : related).flatMap((source) =>
    source.uris.flatMap((uri) => toArchive(source, uri, { suite: wanted, checks, isExact })),
  )
}

const debianSuites =
  /^(?:stable|oldstable|oldoldstable|testing|unstable|sid|bullseye|bookworm|trixie|forky|duke)(-updates|-security)?$/

/** Which part of which suite of Debian a suite's name stands for, or undefined when it is not known as one of Debian's. */
function debianPart(suite: string): keyof ArchiveParts | undefined {
  const match = debianSuites.exec(suite)
  if (!match) return undefined
  return match[1] === '-updates' ? 'updates' : match[1] === '-security' ? 'security' : 'release'
}

/**
 * Transports that only apt has (`cdrom:`, `mirror+file:`, `tor+http:`) are passed over. Debian's own keys are trusted besides
 * those of the source where apt would not ask for particular ones, and for another suite, whose keys the host may not have.
 */
function toArchive(
  { signedBy, checkValidUntil, checkDate }: AptSource,
  uri: string,
  { suite, checks, isExact }: { suite: string; checks: AptChecks; isExact: boolean },
): Archive[] {
  const plain = uri.replace(/^copy:/, 'file:').replace(/\/+$/, '')
  if (!/^(https?|file):/.test(plain)) return []
  const own: Trust = signedBy === undefined ? { kind: 'apt' } : { kind: 'signed-by', value: signedBy }
  return [
    {
      uri: plain,
      suite,
      trust: isExact && signedBy !== undefined ? [own] : [own, { kind: 'debian' }],
      checkValidUntil: checkValidUntil ?? checks.checkValidUntil,
      checkDate: checkDate ?? checks.checkDate,
    },
  ]
}

async function readAptConfiguration(
  folder: string,
): Promise<{ sources: AptSource[]; checks: AptChecks } | undefined> {
  const lists = await filesIn(join(folder, 'sources.list.d'), /\.(list|sources)$/)
  const sources: AptSource[] = []
  for (const file of [join(folder, 'sources.list'), ...lists]) {
    const text = await readIfThere(file)
    if (text === undefined) continue
    sources.push(...(file.endsWith('.sources') ? parseSourcesFile(text, file) : parseSourcesList(text, file)))
  }
  // apt reads the parts first, so that apt.conf has the last word.
  const settings = [
    ...(await filesIn(join(folder, 'apt.conf.d'), /(^|\/)[^.]+$|\.conf$/)),
    join(folder, 'apt.conf'),
  ]
  const texts = await Promise.all(settings.map(readIfThere))
  return { sources, checks: aptChecks(texts.filter((text) => text !== undefined)) }
}

async function filesIn(folder: string, pattern: RegExp): Promise<string[]> {
  try {
    const names = await readdir(folder)
    return names
      .filter((name) => pattern.test(name))
      .sort(compareText)
      .map((name) => join(folder, name))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw unreadable(folder, error)
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw unreadable(file, error)
  }
}

function unreadable(path: string, cause: unknown): DebianError {
  return new DebianError('DEBIAN_APT_CONFIGURATION', `${path} cannot be read`, {
    kind: 'environment',
    hint: 'make it readable, or name the archive with --debian-mirror',
    cause,
  })
}
