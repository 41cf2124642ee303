import { TextLines, type TextRange } from '../base/index.ts'

/** A text file of the project: its path (relative, `/`), its text and its lines. */
export interface ProjectFile {
  readonly path: string
  readonly text: string
  readonly lines: TextLines
}

export function toProjectFile(path: string, text: string): ProjectFile {
  return { path, text, lines: new TextLines(text) }
}

/** What a range of a file says. */
export function textAt(file: ProjectFile, range: TextRange): string {
  return file.text.slice(range.start, range.end)
}

/** The folder of a path, '' for the project's root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? '' : path.slice(0, slash)
}

export function baseNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Joins and normalises relative paths; undefined when the result climbs out of the project. */
export function joinPath(folder: string, path: string): string | undefined {
  const parts: string[] = path.startsWith('/') || folder === '' ? [] : folder.split('/')
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}
