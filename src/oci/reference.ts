/**
 * References to images in registries (grammar: distribution/reference, with Docker's short forms) and, with a transport
 * in front, to images in any store (names: containers-transports(5)).
 */
import { type Digest, parseDigest } from './digest.ts'
import { OciError } from './oci-error.ts'

export interface Reference {
  /** host[:port]; Docker Hub is `docker.io` */
  registry: string
  /** the repository inside the registry, such as `library/node` */
  repository: string
  tag?: string
  digest?: Digest
}

/** Where an image lives, as given on a command line. */
export type ImageLocation =
  | { transport: 'docker'; reference: Reference }
  | { transport: 'oci'; path: string; tag?: string }
  | { transport: 'oci-archive'; path: string; tag?: string }
  | { transport: 'docker-archive'; path: string; tag?: string }
  | { transport: 'docker-daemon'; reference: Reference }

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`)
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$/

/**
 * Parses `[registry/]repository[:tag][@digest]` with Docker's short forms (`node` is `docker.io/library/node`); a
 * reference without tag and digest gets the tag `latest` unless `defaultTag` is null.
 * Throws `OciError` `INVALID_REFERENCE`.
 */
export function parseReference(text: string, defaultTag: string | null = 'latest'): Reference {
  const [beforeDigest = '', digestText, ...more] = text.split('@')
  if (more.length > 0 || text.trim() === '') throw invalid(text)
  const digest = digestText === undefined ? undefined : parseDigest(digestText)
  const slash = beforeDigest.indexOf('/')
  const head = slash < 0 ? '' : beforeDigest.slice(0, slash)
  const isHost =
    head.includes('.') || head.includes(':') || head === 'localhost' || head !== head.toLowerCase()
  const remainder = isHost ? beforeDigest.slice(slash + 1) : beforeDigest
  const colon = remainder.lastIndexOf(':')
  const path = colon < 0 ? remainder : remainder.slice(0, colon)
  const tag =
    colon < 0 ? (digest || defaultTag === null ? undefined : defaultTag) : remainder.slice(colon + 1)
  let registry = isHost ? head : 'docker.io'
  if (registry === 'index.docker.io' || registry === 'registry-1.docker.io') registry = 'docker.io'
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path
  if (!hostPattern.test(registry)) throw invalid(text, `${JSON.stringify(registry)} is not a registry host`)
  if (repository.length > 255 || !repositoryPattern.test(repository)) {
    const lower = path !== path.toLowerCase()
    throw invalid(
      text,
      lower ? 'a repository name is lower case' : `${JSON.stringify(path)} is not a repository name`,
    )
  }
  if (tag !== undefined && !tagPattern.test(tag)) throw invalid(text, `${JSON.stringify(tag)} is not a tag`)
  return { registry, repository, ...(tag === undefined ? {} : { tag }), ...(digest ? { digest } : {}) }
}

function invalid(text: string, why?: string): OciError {
  return new OciError(
    'INVALID_REFERENCE',
    `${JSON.stringify(text)} is not an image reference${why ? `: ${why}` : ''}`,
    {
      kind: 'usage',
      hint: 'a reference is [registry/]repository[:tag][@digest], such as ghcr.io/acme/shop:1.4.0',
    },
  )
}

/** The full form: registry always named. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`
}

/** The form that people write: Docker Hub's host and `library/` left out. */
export function familiarReference(reference: Reference): string {
  const full = formatReference(reference)
  return full.replace(/^docker\.io\/(?:library\/(?=[^/]+$))?/, '')
}

/**
 * Parses an image argument: `REF` or `docker://REF`, `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`, `docker-archive:FILE[:REF]`,
 * `docker-daemon:REF`. Throws `OciError` `INVALID_REFERENCE`.
 */
export function parseImageLocation(text: string): ImageLocation {
  const transport = /^(docker-daemon|oci-archive|docker-archive|oci):/.exec(text)?.[1]
  if (transport === undefined) {
    return { transport: 'docker', reference: parseReference(text.replace(/^docker:\/\//, '')) }
  }
  const rest = text.slice(transport.length + 1)
  if (rest === '') throw invalid(text, `${transport}: needs a path behind it`)
  if (transport === 'docker-daemon') return { transport, reference: parseReference(rest) }
  if (transport === 'docker-archive') return dockerArchive(rest)
  // A tag follows the last colon, unless that colon is part of the path (C:\…, or a slash behind it).
  const colon = rest.lastIndexOf(':')
  const hasTag = colon > 1 && !/[\\/]/.test(rest.slice(colon + 1))
  const path = hasTag ? rest.slice(0, colon) : rest
  const tag = hasTag ? rest.slice(colon + 1) : undefined
  return { transport: transport as 'oci', path, ...(tag ? { tag } : {}) }
}

/** Names in a docker-archive are whole references, with colons of their own: the first colon counts. */
function dockerArchive(rest: string): ImageLocation {
  const colon = rest.indexOf(':', /^[A-Za-z]:[\\/]/.test(rest) ? 2 : 0)
  if (colon <= 0) return { transport: 'docker-archive', path: rest }
  return { transport: 'docker-archive', path: rest.slice(0, colon), tag: rest.slice(colon + 1) }
}

/** The text that `parseImageLocation` reads back. */
export function formatImageLocation(location: ImageLocation): string {
  if (location.transport === 'docker') return formatReference(location.reference)
  if (location.transport === 'docker-daemon') return `docker-daemon:${familiarReference(location.reference)}`
  return `${location.transport}:${location.path}${location.tag ? `:${location.tag}` : ''}`
}
