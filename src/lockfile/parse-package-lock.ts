/**
 * package-lock.json and npm-shrinkwrap.json, lockfileVersion 2 and 3 (the `packages` part; version 2's legacy `dependencies`
 * part repeats it for npm 6). What a lock says is used as paths and names later, so both are checked here.
 */
import { TextLines } from '../base/index.ts'
import { findJsonMistake } from './json-mistake.ts'
import { LockfileError } from './lockfile-error.ts'
import type { PackageLock } from './package-lock.ts'
import { isRecord, readEntry } from './read-entry.ts'
import { workspaceFolders } from './workspace-folders.ts'

/**
 * Reads package-lock.json or npm-shrinkwrap.json of lockfileVersion 2 or 3. Throws `LockfileError`: `LOCKFILE_INVALID` (line
 * and column), `LOCKFILE_CONFLICT` (merge-conflict markers), `LOCKFILE_VERSION`.
 */
export function parsePackageLock(text: string, file: string): PackageLock {
  const document = parseDocument(text.startsWith('\uFEFF') ? text.slice(1) : text, file)
  const lockfileVersion = supportedVersion(document, file)
  if (!isRecord(document.packages)) throw invalid(file, 'it has no "packages" object')
  const entries = Object.entries(document.packages)
  const root = document.packages['']
  if (root === undefined) throw invalid(file, 'its "packages" has no entry "" for the project itself')
  const packages = new Map(
    entries
      .filter(([location]) => location !== '')
      .map(([location, raw]) => [location, readEntry(location, raw, file)]),
  )
  for (const locked of packages.values()) {
    if (locked.target !== undefined && locked.target !== '' && !packages.has(locked.target)) {
      throw invalid(file, `${locked.location} links to ${locked.target}, which has no entry`)
    }
  }
  return {
    file,
    lockfileVersion,
    root: readEntry('', root, file),
    workspaces: workspaceFolders(isRecord(root) ? root.workspaces : undefined, [...packages.keys()]),
    packages,
  }
}

function parseDocument(text: string, file: string): Record<string, unknown> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw notJson(text, file, cause)
  }
  if (!isRecord(document)) throw invalid(file, 'it is not a JSON object')
  return document
}

function notJson(text: string, file: string, cause: unknown): LockfileError {
  const lines = new TextLines(text)
  const marker = /^(?:<{7}|={7}|>{7})(?= |\r?$)/m.exec(text)
  if (marker) {
    const { line } = lines.position(marker.index)
    return new LockfileError('LOCKFILE_CONFLICT', `${file}:${line}: it has merge-conflict markers`, {
      kind: 'usage',
      hint: 'run `npm install`: npm merges both sides of a conflicted lockfile',
      details: { file, line },
      cause,
    })
  }
  const mistake = findJsonMistake(text) ?? { offset: 0, why: 'it cannot be parsed' }
  const { line, column } = lines.position(mistake.offset)
  return new LockfileError('LOCKFILE_INVALID', `${file}:${line}:${column}: ${mistake.why}`, {
    kind: 'usage',
    hint: 'restore the file from version control, or delete it and run `npm install`',
    details: { file, line, column },
    cause,
  })
}

function supportedVersion(document: Record<string, unknown>, file: string): 2 | 3 {
  const { lockfileVersion } = document
  if (lockfileVersion === 2 || lockfileVersion === 3) return lockfileVersion
  const old = lockfileVersion === 1 || (lockfileVersion === undefined && isRecord(document.dependencies))
  const found =
    lockfileVersion === undefined
      ? 'no lockfileVersion'
      : `lockfileVersion ${JSON.stringify(lockfileVersion)}`
  throw new LockfileError('LOCKFILE_VERSION', `${file} has ${found}; 2 and 3 are supported`, {
    kind: 'usage',
    hint: old
      ? 'upgrade it with npm 7 or later: `npm install --package-lock-only`'
      : 'write it with npm 7 or later: `npm install --package-lock-only --lockfile-version=3`',
    details: { file, lockfileVersion },
  })
}

function invalid(file: string, why: string): LockfileError {
  return new LockfileError('LOCKFILE_INVALID', `${file} is not a lockfile that npm wrote: ${why}`, {
    kind: 'usage',
    hint: 'restore the file from version control, or delete it and run `npm install`',
    details: { file },
  })
}
