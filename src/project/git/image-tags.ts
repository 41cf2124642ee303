/** The tags of an image, from the commit that it was made of. */
import semver from 'semver'
import type { GitFacts } from './git-facts.ts'

export interface ImageTagsOptions {
  defaultBranch: string
}

/** A tag of an image may be so long, and no longer. */
const maxTagLength = 128

/**
 * Pure. A version tag `v1.4.2` gives `1.4.2`, `1.4` and `1` (a pre-release only itself, and below 1.0.0 no major); any other
 * tag and a branch give their own name; the default branch gives `latest` as well; every commit gives `sha-<7 digits>`.
 * Empty when nothing is known.
 */
export function imageTags(
  { branch, tag, revision }: Pick<GitFacts, 'branch' | 'tag' | 'revision'>,
  { defaultBranch }: ImageTagsOptions,
): string[] {
  const names = [
    ...(tag === undefined ? [] : tagNames(tag)),
    ...(branch === undefined ? [] : [asTag(branch)]),
    ...(branch !== undefined && branch === defaultBranch ? ['latest'] : []),
    ...(revision === undefined ? [] : [`sha-${revision.slice(0, 7)}`]),
  ]
  return [...new Set(names.filter((name) => name !== ''))]
}

function tagNames(tag: string): string[] {
  const version = semver.parse(tag.replace(/^v/u, ''))
  if (!version) return [asTag(tag)]
  // The build part of a version begins with a plus sign, which a tag cannot have.
  const full = asTag(version.raw)
  if (version.prerelease.length > 0) return [full]
  const major = version.major > 0 ? [String(version.major)] : []
  return [full, `${version.major}.${version.minor}`, ...major]
}

/** Branches may be called what tags may not: `feature/new` becomes `feature-new`. */
function asTag(name: string): string {
  return name
    .replaceAll(/[^\w.-]+/gu, '-')
    .replaceAll(/^[.-]+/gu, '')
    .slice(0, maxTagLength)
}
