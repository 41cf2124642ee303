/** What the name of a base image says. Only names that are well known say something; of others nothing is assumed. */
import type { ResolvedStage, StageGraph } from '../../dockerfile/index.ts'

export type Libc = 'glibc' | 'musl'

export interface BaseImage {
  readonly reference: string
  /** without registry host, `library/`, tag and digest */
  readonly repository: string
  readonly tag: string
  readonly libc: Libc | undefined
  /** glibc's version as major.minor, of Debian's releases */
  readonly glibc: string | undefined
  /** the major version of Node.js in it */
  readonly nodeMajor: number | undefined
  /** the official Node.js image */
  readonly officialNode: boolean
  /** it comes without compilers and most tools */
  readonly small: boolean
}

const glibcRepositories =
  /^(?:node|oven\/bun|debian|ubuntu|buildpack-deps|python|fedora|amazonlinux|(?:.*\/)?distroless\/.*|(?:.*\/)?(?:ubi\d*.*)|public\.ecr\.aws\/lambda\/.*|lambda\/.*|cimg\/.*|mcr\..*)$/u

/** What a reference says by its name. */
export function baseImageOf(reference: string): BaseImage {
  const [named = ''] = reference.split('@')
  const colon = named.lastIndexOf(':')
  const hasTag = colon > named.lastIndexOf('/')
  const tag = hasTag ? named.slice(colon + 1) : 'latest'
  const repository = withoutRegistry(hasTag ? named.slice(0, colon) : named)
  const officialNode = repository === 'node'
  const musl = /alpine/iu.test(repository) || /alpine/iu.test(tag)
  return {
    reference,
    repository,
    tag,
    libc: musl ? 'musl' : glibcRepositories.test(repository) ? 'glibc' : undefined,
    glibc: musl ? undefined : glibcOf(repository, tag),
    nodeMajor: nodeMajorOf(repository, tag),
    officialNode,
    small: musl || /slim|distroless/u.test(tag) || repository.includes('distroless'),
  }
}

/** Mirrors keep the names of official images, with or without `library/`. */
function withoutRegistry(name: string): string {
  const path = name.replace(/^public\.ecr\.aws\/docker\//u, '')
  const local = path.replace(/^(?:localhost|[^/]*[.:][^/]*)\//u, '')
  const isKnownHost =
    /^(?:docker\.io|index\.docker\.io|mirror\.gcr\.io|gcr\.io|quay\.io|registry\.access\.redhat\.com)\//u.test(
      path,
    )
  const official = local.replace(/^library\//u, '')
  // Elsewhere a path of several names is somebody's own image.
  return isKnownHost || !official.includes('/') ? official : path
}

/** Debian releases by name, with their glibc. */
const debianGlibc: Record<string, string> = {
  buster: '2.28',
  bullseye: '2.31',
  bookworm: '2.36',
  trixie: '2.41',
}

/** Only where the tag names the release, or distroless its number: what a bare tag stands on changes with time. */
function glibcOf(repository: string, tag: string): string | undefined {
  const number = /distroless\/.*debian(\d+)/u.exec(repository)?.[1]
  const numbered: Record<string, string> = { '10': '2.28', '11': '2.31', '12': '2.36', '13': '2.41' }
  if (number !== undefined) return numbered[number]
  if (repository === 'debian' && /^\d+/u.test(tag)) return numbered[/^\d+/u.exec(tag)?.[0] ?? '']
  const name = Object.keys(debianGlibc).find((release) => tag.includes(release))
  return name === undefined ? undefined : debianGlibc[name]
}

function nodeMajorOf(repository: string, tag: string): number | undefined {
  const text = repository === 'node' ? tag : (/distroless\/nodejs(\d+)/u.exec(repository)?.[1] ?? '')
  const major = /^v?(\d{2})(?:[.-]|$)/u.exec(text)?.[1]
  return major === undefined ? undefined : Number(major)
}

/** The image that a stage goes back to; undefined when it goes back to no image, or its name is not known. */
export function rootImageOf(graph: StageGraph, stage: ResolvedStage): BaseImage | undefined {
  const { base } = stage
  if (base.kind === 'image') return base.reference.includes('$') ? undefined : baseImageOf(base.reference)
  const parent = base.kind === 'stage' ? graph.stages[base.index] : undefined
  return parent && rootImageOf(graph, parent)
}
