/** Names as archives have them → paths below the archive's root, and what is wrong with them. */
import type { EntryType, PathProblem } from '../entry.ts'

export interface ResolvedPath {
  path: string
  problems: PathProblem[]
}

/** Normalises a member's name. '..' segments stay in the path, and are a problem. */
export function resolveEntryPath(raw: string, type: EntryType): ResolvedPath {
  const path = normalised(raw)
  const problems: PathProblem[] = []
  if (raw.startsWith('/')) problems.push('absolute-path')
  if (hasParentSegment(path)) problems.push('parent-segment')
  if (raw.includes('\0')) problems.push('nul-byte')
  if (raw === '' || (path === '' && type !== 'directory')) problems.push('empty-path')
  return { path, problems }
}

/** Normalises a hard link's target, which is the name of another member; keeps a symbolic link's. */
export function resolveLinkPath(raw: string, path: string, type: 'hardlink' | 'symlink'): ResolvedPath {
  const target = type === 'hardlink' ? normalised(raw) : raw
  const problems: PathProblem[] = []
  if (raw.includes('\0')) problems.push('nul-byte')
  if (target === '') problems.push('empty-link')
  if (raw.startsWith('/')) problems.push('absolute-link')
  const escapes = type === 'hardlink' ? hasParentSegment(target) : leadsAboveRoot(raw, path)
  if (escapes) problems.push('link-escape')
  return { path: target, problems }
}

/** Number of segments. */
export function depthOf(path: string): number {
  let depth = path === '' ? 0 : 1
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) depth++
  return depth
}

function normalised(raw: string): string {
  if (!/(^|\/)\.?(\/|$)/.test(raw)) return raw
  return raw
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/')
}

function hasParentSegment(path: string): boolean {
  return /(^|\/)\.\.(\/|$)/.test(path)
}

/** Follows the target by its text alone, as if no segment were a link. An absolute target counts from the root. */
function leadsAboveRoot(target: string, linkPath: string): boolean {
  let depth = target.startsWith('/') ? 0 : depthOf(linkPath) - 1
  for (const segment of target.split('/')) {
    if (segment === '..') depth--
    else if (segment !== '' && segment !== '.') depth++
    if (depth < 0) return true
  }
  return false
}
