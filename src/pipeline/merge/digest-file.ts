/**
 * The file that a machine writes about the platforms it built: where they are, by digest, and what was proved of them. It
 * carries the proof to the machine that merges the platforms into one index.
 */
import { readFile } from 'node:fs/promises'
import { codeOf, messageOf } from '../../base/index.ts'
import { type Digest, isDigest, parsePlatform, parseReference, type Reference } from '../../oci/index.ts'
import { PipelineError } from '../pipeline-error.ts'
import type { ImageReport } from '../image-report.ts'

export interface DigestFile {
  version: 1
  /** repositories that hold the image, such as `ghcr.io/acme/shop`; the first is read */
  repositories: string[]
  /** of the index that was stored by digest */
  digest: Digest
  platforms: DigestFilePlatform[]
}

export interface DigestFilePlatform {
  platform: string
  /** of the platform's manifest: what the proof is about */
  digest: Digest
  /** its binaries were proved */
  verified: boolean
  /** it was started and probed */
  tested: boolean
  /** what ran it: `docker 26.1.5`; absent where it passed before, or was not tested */
  runner?: string
  emulated?: boolean
}

/** What a build that stored its image by digest tells the machine that publishes it. */
export function digestFileOf(report: ImageReport): DigestFile {
  return {
    version: 1,
    repositories: report.stored,
    digest: report.digest,
    platforms: report.platforms.map(({ platform, digest }) => {
      const { runner, emulated } = report.smoke?.platforms.find((one) => one.platform === platform) ?? {}
      return {
        platform,
        digest,
        verified: report.proved,
        tested: report.tested.includes(platform),
        ...(runner === undefined ? {} : { runner }),
        ...(emulated === undefined ? {} : { emulated }),
      }
    }),
  }
}

/** Reads a digest file. Throws `PipelineError` `DIGEST_FILE_UNREADABLE`, `DIGEST_FILE_INVALID`. */
export async function readDigestFile(path: string): Promise<DigestFile> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    const isMissing = codeOf(cause) === 'ENOENT'
    const why = isMissing ? 'there is no such file' : messageOf(cause)
    throw new PipelineError('DIGEST_FILE_UNREADABLE', `${path}: ${why}`, {
      kind: 'usage',
      hint: 'give files that `everyarch build --push-by-digest --digest-file FILE` wrote, or repository@sha256:… references',
      ...(isMissing ? {} : { cause }),
    })
  }
  try {
    return checked(JSON.parse(text))
  } catch (cause) {
    throw new PipelineError('DIGEST_FILE_INVALID', `${path} is not a digest file: ${messageOf(cause)}`, {
      kind: 'usage',
      hint: 'digest files are written by `everyarch build --push-by-digest --digest-file FILE`',
    })
  }
}

function checked(value: unknown): DigestFile {
  const { version, repositories, digest, platforms } = record(value, 'the document')
  if (version !== 1) throw new TypeError(`its version is ${JSON.stringify(version)}, and 1 is known here`)
  const names = list(repositories, 'repositories').map((name) => text(name, 'a repository'))
  if (names.length === 0) throw new TypeError('it names no repository')
  for (const name of names) parseReference(name, null)
  return {
    version,
    repositories: names,
    digest: digestText(digest, 'digest'),
    platforms: list(platforms, 'platforms').map((item) => platformRecord(record(item, 'a platform'))),
  }
}

function platformRecord(item: Readonly<Record<string, unknown>>): DigestFilePlatform {
  const platform = text(item.platform, 'platform')
  parsePlatform(platform)
  return {
    platform,
    digest: digestText(item.digest, `digest of ${platform}`),
    verified: item.verified === true,
    tested: item.tested === true,
    ...(typeof item.runner === 'string' ? { runner: item.runner } : {}),
    ...(typeof item.emulated === 'boolean' ? { emulated: item.emulated } : {}),
  }
}

/** Where the image of a digest file is read from. */
export function referenceOf({ repositories, digest }: DigestFile): Reference {
  return { ...parseReference(repositories[0] as string, null), digest }
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>
  }
  throw new TypeError(`${what} is not an object`)
}

function list(value: unknown, what: string): unknown[] {
  if (Array.isArray(value)) return value
  throw new TypeError(`${what} is not a list`)
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw new TypeError(`${what} is not text`)
}

function digestText(value: unknown, what: string): Digest {
  if (typeof value === 'string' && isDigest(value)) return value
  throw new TypeError(`${what} is not a digest`)
}
