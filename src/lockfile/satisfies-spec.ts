/** Whether what a lock has is what a package.json asks for; by kinds of dependency specs as npm tells them apart. */
import { posix } from 'node:path'
import npa from 'npm-package-arg'
import { satisfies } from 'semver'
import type { DependencyEdge, DependencyNode } from './dependency-graph.ts'

/** An absolute folder that stands for the project, so that relative `file:` specs can be compared. */
const project = '/project'

/** Whether a node is what an edge asks for. Specs that npm itself does not understand are not satisfied. */
export function satisfiesSpec({ from, name, spec }: DependencyEdge, to: DependencyNode): boolean {
  let wanted: npa.Result
  try {
    wanted = npa.resolve(name, spec || '*', posix.join(project, from.location))
  } catch {
    return false
  }
  return isSatisfied(wanted, to)
}

function isSatisfied(wanted: npa.Result, to: DependencyNode): boolean {
  const { version, resolved } = (to.target ?? to).locked
  const locked = to.locked
  switch (wanted.type) {
    case 'version':
    case 'range':
      if (wanted.fetchSpec === '*') return true
      return version !== undefined && satisfies(version, wanted.fetchSpec ?? '', { loose: true })
    case 'alias': {
      const { subSpec } = wanted as npa.AliasResult
      return subSpec.name === locked.name && isSatisfied(subSpec, to)
    }
    case 'directory':
      return isFolder(to, wanted.fetchSpec ?? '')
    case 'file':
      return resolved !== undefined && absolute(resolved) === wanted.fetchSpec
    case 'remote':
      return resolved === undefined || resolved === wanted.fetchSpec
    case 'git':
      return resolved !== undefined && isRepository(wanted, resolved, version)
    default:
      // A dist-tag: whatever it pointed at when the lock was made.
      return !locked.link
  }
}

function isFolder({ target, locked }: DependencyNode, folder: string): boolean {
  if (target) return posix.join(project, target.location) === folder
  // install-links: a packed copy instead of a link
  return locked.resolved !== undefined && absolute(locked.resolved) === folder
}

function absolute(resolved: string): string {
  return posix.resolve(project, resolved.replace(/^file:/, ''))
}

/** The same repository; the same commit where one is asked for, a fitting version where a range is. */
function isRepository(wanted: npa.Result, resolved: string, version: string | undefined): boolean {
  const locked = npa(resolved)
  const commit = /^[a-f0-9]{40,64}$/i.test(wanted.gitCommittish ?? '')
  if (repositoryOf(wanted) !== repositoryOf(locked)) return false
  if (commit && wanted.gitCommittish !== locked.gitCommittish) return false
  return !wanted.gitRange || (version !== undefined && satisfies(version, wanted.gitRange, { loose: true }))
}

/** A repository's name, whichever protocol it is reached by. */
function repositoryOf({ hosted, fetchSpec }: npa.Result): string {
  return hosted ? `${hosted.type}:${hosted.user}/${hosted.project}` : (fetchSpec ?? '')
}
