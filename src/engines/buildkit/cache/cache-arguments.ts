/**
 * Cache options completed so that they keep what they promise: everything is cached (`mode=max`), a failed export fails no
 * build, and builds of different platforms that know nothing of each other do not overwrite each other's cache.
 */
import { formatPlatform, type Platform } from '../../../oci/index.ts'
import { type CacheEntry, formatCacheEntry, parseCacheEntry } from './cache-entry.ts'

export interface CacheRequest {
  cacheFrom: readonly string[]
  cacheTo: readonly string[]
  /** the platforms of this build where others of the same image are built apart; absent when all are built together */
  apart?: readonly Platform[]
  env: Readonly<Record<string, string | undefined>>
}

export interface CacheWarning {
  text: string
  hint: string
}

export interface CacheArguments {
  cacheFrom: string[]
  cacheTo: string[]
  warnings: CacheWarning[]
}

/** Types that know modes, and those that write to somewhere that may fail. */
const modal = new Set(['registry', 'local', 'gha', 's3', 'azblob'])
const remote = new Set(['registry', 'gha', 's3', 'azblob'])

/** Throws `BuildkitError` `CACHE_OPTION_INVALID`. */
export function cacheArguments({ cacheFrom, cacheTo, apart, env }: CacheRequest): CacheArguments {
  const to = cacheTo.map((text) => parseCacheEntry('--cache-to', text))
  const given = cacheFrom.map((text) => parseCacheEntry('--cache-from', text))
  // What is written is meant to be read the next time.
  const from = given.length > 0 ? given : to.flatMap(readingOf)
  const own = apart?.map((platform) => formatPlatform(platform).replaceAll('/', '-')).join('-')
  return {
    cacheFrom: unique(own === undefined ? from : [...from.map((entry) => ownPlace(entry, own)), ...from]),
    cacheTo: unique(to.map((entry) => completed(own === undefined ? entry : ownPlace(entry, own)))),
    warnings:
      to.some(({ type }) => type === 'gha') || from.some(({ type }) => type === 'gha')
        ? ghaWarnings(env)
        : [],
  }
}

function unique(entries: readonly CacheEntry[]): string[] {
  return [...new Set(entries.map(formatCacheEntry))]
}

function completed({ type, attributes }: CacheEntry): CacheEntry {
  const all = new Map(attributes)
  if (modal.has(type) && !all.has('mode')) all.set('mode', 'max')
  if (remote.has(type) && !all.has('ignore-error')) all.set('ignore-error', 'true')
  return { type, attributes: all }
}

/** Where an exported cache is read from. */
function readingOf({ type, attributes }: CacheEntry): CacheEntry[] {
  if (!modal.has(type)) return []
  const reading = new Map(
    [...attributes].filter(
      ([key]) => !['mode', 'ignore-error', 'dest', 'compression', 'compression-level'].includes(key),
    ),
  )
  const folder = attributes.get('dest')
  if (type === 'local' && folder !== undefined) reading.set('src', folder)
  return [{ type, attributes: reading }]
}

/** The attribute that tells caches of one type apart, with what it is when it is not given. */
const places: Readonly<Record<string, { attribute: string; fallback?: string; join: string }>> = {
  registry: { attribute: 'ref', join: '-' },
  gha: { attribute: 'scope', fallback: 'buildkit', join: '-' },
  s3: { attribute: 'name', fallback: 'buildkit', join: '-' },
  azblob: { attribute: 'name', fallback: 'buildkit', join: '-' },
}

function ownPlace({ type, attributes }: CacheEntry, own: string): CacheEntry {
  const all = new Map(attributes)
  for (const attribute of type === 'local' ? ['src', 'dest'] : []) {
    const folder = all.get(attribute)
    if (folder !== undefined && !names(folder, own)) all.set(attribute, `${folder.replace(/\/$/, '')}/${own}`)
  }
  const place = places[type]
  const value = place && (all.get(place.attribute) ?? place.fallback)
  if (place && value !== undefined && !names(value, own)) {
    all.set(place.attribute, type === 'registry' ? ownReference(value, own) : `${value}${place.join}${own}`)
  }
  return { type, attributes: all }
}

/** `ghcr.io/acme/shop:cache` → `ghcr.io/acme/shop:cache-linux-arm64` */
function ownReference(reference: string, own: string): string {
  const hasTag = reference.lastIndexOf(':') > reference.lastIndexOf('/')
  return hasTag ? `${reference}-${own}` : `${reference}:${own}`
}

/** Somebody who already writes the platform into the name keeps caches apart by hand. */
function names(value: string, own: string): boolean {
  const architecture = own.split('-')[1] ?? own
  return value.includes(own) || new RegExp(`(^|[^a-z0-9])${architecture}([^a-z0-9]|$)`).test(value)
}

function ghaWarnings(env: CacheRequest['env']): CacheWarning[] {
  if (!env.ACTIONS_RUNTIME_TOKEN || !(env.ACTIONS_CACHE_URL || env.ACTIONS_RESULTS_URL)) {
    return [
      {
        text: 'the gha cache has no effect here: GitHub shows its cache only to actions, not to commands of a run step',
        hint: 'run everyarch through its action, or pass ACTIONS_RUNTIME_TOKEN and ACTIONS_RESULTS_URL on; elsewhere use type=registry',
      },
    ]
  }
  if (env.GITHUB_REF?.startsWith('refs/tags/')) {
    return [
      {
        text: `a gha cache written for ${env.GITHUB_REF} is read by no later run: caches belong to a branch or tag`,
        hint: 'build the default branch as well, so that tags can read its cache, or use type=registry',
      },
    ]
  }
  if (env.GITHUB_REF?.startsWith('refs/heads/gh-readonly-queue/')) {
    return [
      {
        text: 'a gha cache written in a merge queue is read by no later run: each entry of the queue is a branch of its own',
        hint: 'write the cache on the default branch only, or use type=registry',
      },
    ]
  }
  return []
}

/** GitHub removes the oldest caches of a repository above this many bytes. */
const ghaLimit = 10e9

/** What an image's own size says about its chances to stay in the gha cache; undefined when they are good. */
export function ghaSizeWarning(cacheTo: readonly string[], imageBytes: number): CacheWarning | undefined {
  if (
    imageBytes < ghaLimit / 4 ||
    !cacheTo.some((text) => parseCacheEntry('--cache-to', text).type === 'gha')
  ) {
    return undefined
  }
  return {
    text: `the gha cache of this build takes at least ${(imageBytes / 1e9).toFixed(1)} GB of the repository's 10 GB`,
    hint: 'a few branches push each other out; use type=registry, or mode=min',
  }
}
