/**
 * The folders that npm takes for workspaces (@npmcli/map-workspaces): those that a glob of `workspaces` matches and none of
 * the negated globs behind it, without node_modules, with a package.json.
 */
import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Minimatch, minimatch } from 'minimatch'
import { compareText } from '../../base/index.ts'

/** Relative to `root`, with `/`, sorted. Folders that cannot be read count as empty. */
export function workspaceFolders(root: string, globs: readonly string[]): string[] {
  const { wanted, unwanted } = splitGlobs(globs)
  // With a slash at the end `a/**` also means `a`.
  const matchers = wanted.map((glob) => new Minimatch(glob.endsWith('/') ? glob : `${glob}/`))
  // A lone `**` does not stand for links.
  const linkMatchers = matchers.filter(({ pattern }) => !/^(?:\*\*\/)+$/.test(pattern))
  const refusers = unwanted.map((glob) => new Minimatch(glob.replace(/\/+$/, ''), { dot: true }))
  const found: string[] = []
  const folders = ['']
  for (let parent = folders.pop(); parent !== undefined; parent = folders.pop()) {
    for (const child of foldersIn(join(root, parent))) {
      const path = parent === '' ? child.name : `${parent}/${child.name}`
      if (!matchers.some((matcher) => matcher.match(path, true))) continue
      const isLink = child.isSymbolicLink()
      const isWanted = (isLink ? linkMatchers : matchers).some((matcher) => matcher.match(`${path}/`))
      const isRefused = refusers.some((refuser) => refuser.match(path) || refuser.match(`${path}/`))
      if (isWanted && !isRefused && existsSync(join(root, path, 'package.json'))) found.push(path)
      if (!isLink) folders.push(path)
    }
  }
  return found.sort(compareText)
}

/** A glob behind a negated one takes back what that one refused of it. */
function splitGlobs(globs: readonly string[]): { wanted: string[]; unwanted: string[] } {
  const wanted: string[] = []
  let unwanted: string[] = []
  for (const text of globs) {
    const marks = /^!*/.exec(text)?.[0].length ?? 0
    const glob = text.slice(marks).replace(/^\.?\/+/, '')
    if (marks % 2 === 1) unwanted.push(glob)
    else {
      unwanted = unwanted.filter((other) => !minimatch(glob, other))
      wanted.push(glob)
    }
  }
  return { wanted: wanted.filter((glob) => !unwanted.some((other) => minimatch(glob, other))), unwanted }
}

function foldersIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter(
      (child) => child.name !== 'node_modules' && isFolder(folder, child),
    )
  } catch {
    return []
  }
}

function isFolder(parent: string, child: Dirent): boolean {
  if (!child.isSymbolicLink()) return child.isDirectory()
  return statSync(join(parent, child.name), { throwIfNoEntry: false })?.isDirectory() ?? false
}
