/**
 * The walk over a build context. Metadata calls are synchronous, in slices between which the event loop runs: for the
 * thousands of small calls that this is, that takes a fifth of the time of their asynchronous forms.
 */
import { lstatSync, readdirSync, readlinkSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type CancelOptions, codeOf, compareText, messageOf, throwIfAborted } from '../../base/index.ts'
import { ProjectError } from '../project-error.ts'
import type { IgnoreRules } from './ignore-rules.ts'

/** A file, folder or symbolic link below a root. Paths are relative, with `/`, exactly as the file system has them. */
export type ContextEntry = ContextFile | ContextFolder | ContextLink

export interface ContextFile {
  type: 'file'
  path: string
  size: number
  /** its owner may execute it */
  executable: boolean
  /** differs when the content may have changed; comparable on the machine that made it only */
  stamp: string
}

export interface ContextFolder {
  type: 'directory'
  path: string
}

export interface ContextLink {
  type: 'symlink'
  path: string
  /** as the link has it; never followed */
  target: string
}

export interface WalkOptions extends CancelOptions {
  ignore?: IgnoreRules
  /** names that are left out wherever they stand; `node_modules` and `.git` when absent */
  leaveOut?: readonly string[]
  /** default 200,000 */
  maxEntries?: number
}

const defaultLeaveOut = ['node_modules', '.git']
const defaultMaxEntries = 200_000
/** Entries between two turns of the event loop: about 5 ms. */
const sliceEntries = 500

/**
 * Everything below `root` that is not left out, sorted by path in UTF-16 order (so a folder stands before its contents).
 * Links are kept as links. A folder that is left out is there when something in it is taken in.
 * Throws `ProjectError` `CONTEXT_UNREADABLE`, `CONTEXT_SPECIAL_FILE` (socket, device, fifo), `CONTEXT_NAME_INVALID`
 * (not UTF-8), `CONTEXT_TOO_LARGE`.
 */
export async function walkContext(root: string, options: WalkOptions): Promise<ContextEntry[]> {
  const { signal, ignore, leaveOut = defaultLeaveOut, maxEntries = defaultMaxEntries } = options
  const found = new Map<string, ContextEntry>()
  const folders = ['']
  let seen = 0
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const child of readFolder(root, folder)) {
      if (++seen % sliceEntries === 0) await setImmediate()
      throwIfAborted(signal)
      if (leaveOut.includes(child.name)) continue
      const path = folder === '' ? child.name : `${folder}/${child.name}`
      const ignored = ignore?.ignores(path) ?? false
      if (child.isDirectory() && !(ignored && ignore?.canSkip(path))) folders.push(path)
      if (ignored) continue
      const entry = entryOf(root, path, child)
      if (entry) addWithParents(found, entry)
      if (found.size > maxEntries) throw tooLarge(root, maxEntries)
    }
  }
  return [...found.values()].sort((a, b) => compareText(a.path, b.path))
}

function addWithParents(found: Map<string, ContextEntry>, entry: ContextEntry): void {
  found.set(entry.path, entry)
  for (let end = entry.path.lastIndexOf('/'); end > 0; end = entry.path.lastIndexOf('/', end - 1)) {
    const path = entry.path.slice(0, end)
    if (found.has(path)) return
    found.set(path, { type: 'directory', path })
  }
}

function readFolder(root: string, folder: string): Dirent[] {
  const path = join(root, folder)
  try {
    const children = readdirSync(path, { withFileTypes: true })
    if (children.some(({ name }) => name.includes('\uFFFD'))) refuseBrokenNames(path, folder)
    return children
  } catch (cause) {
    // It was there a moment ago, when its parent was read.
    if (folder !== '' && codeOf(cause) === 'ENOENT') return []
    throw cause instanceof ProjectError ? cause : unreadable(folder || root, cause)
  }
}

/** Throws for a name that is no UTF-8: Node shows a replacement character, under which the file could not be opened. */
function refuseBrokenNames(path: string, folder: string): void {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (const name of readdirSync(path, { encoding: 'buffer' })) {
    try {
      decoder.decode(name)
    } catch (cause) {
      throw new ProjectError(
        'CONTEXT_NAME_INVALID',
        `${folder || 'the project'} holds a file whose name is not UTF-8: ${JSON.stringify(name.toString('latin1'))}`,
        { kind: 'usage', hint: 'rename it: image layers take UTF-8 names only', details: { folder }, cause },
      )
    }
  }
}

/** Undefined for what vanished since its folder was read. */
function entryOf(root: string, path: string, child: Dirent): ContextEntry | undefined {
  try {
    if (child.isDirectory()) return { type: 'directory', path }
    if (child.isSymbolicLink()) return { type: 'symlink', path, target: readlinkSync(join(root, path)) }
    if (child.isFile()) return fileEntry(root, path)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw unreadable(path, cause)
  }
  throw new ProjectError(
    'CONTEXT_SPECIAL_FILE',
    `${path} is ${specialKind(child)}, which no image can hold`,
    {
      kind: 'usage',
      hint: 'remove it, or leave it out with .dockerignore',
      details: { path },
    },
  )
}

function fileEntry(root: string, path: string): ContextFile {
  const facts = lstatSync(join(root, path), { bigint: true })
  const { size, mtimeNs, ctimeNs, ino, mode } = facts
  const executable = (mode & 0o100n) !== 0n
  return {
    type: 'file',
    path,
    size: Number(size),
    executable,
    stamp: [size, mtimeNs, ctimeNs, ino].join(':'),
  }
}

/** The stamp that a file has now, as `walkContext` gives it. */
export function stampOf(root: string, path: string): string {
  return fileEntry(root, path).stamp
}

function specialKind(child: Dirent): string {
  if (child.isSocket()) return 'a socket'
  if (child.isFIFO()) return 'a named pipe'
  return child.isBlockDevice() || child.isCharacterDevice() ? 'a device' : 'neither file, folder nor link'
}

export function unreadable(path: string, cause: unknown): ProjectError {
  return new ProjectError('CONTEXT_UNREADABLE', `cannot read ${path}: ${messageOf(cause)}`, {
    kind: 'usage',
    hint: 'make it readable, or leave it out with .dockerignore',
    details: { path },
    cause,
  })
}

function tooLarge(root: string, maxEntries: number): ProjectError {
  return new ProjectError('CONTEXT_TOO_LARGE', `${root} holds more than ${maxEntries} files and folders`, {
    kind: 'usage',
    hint: 'leave out what the image does not need with .dockerignore, and check that this is the right folder',
    details: { root, maxEntries },
  })
}
