/**
 * `# everyarch-ignore rule-id reason`: on a line of its own it counts for what follows (the next instruction of a Dockerfile;
 * elsewhere the next line and what is indented below it), at the end of a line for that line.
 * `# everyarch-ignore-file rule-id reason` counts for the file. Without a reason it does not count.
 */

import type { CheckFinding, IgnoredFinding } from './check-project.ts'
import type { CheckedProject } from './checked-project.ts'
import type { ProjectFile } from './project-file.ts'

interface Ignore {
  rule: string
  reason: string
  /** lines, the last one included */
  from: number
  to: number
}

const comment = /(?:#|\/\/)\s*everyarch-ignore(-file)?\s+([\w/-]+)\s+(\S.*?)\s*$/u

/** Says for a finding whether a comment of its file ignores it. */
export function ignoreComments(
  project: CheckedProject,
): (finding: CheckFinding) => Omit<IgnoredFinding, 'finding'> | undefined {
  const ignores = new Map<string, Ignore[]>()
  for (const file of project.files.values()) {
    if (!file.text.includes('everyarch-ignore')) continue
    const dockerfile = project.dockerfiles.find((candidate) => candidate.file === file)?.dockerfile
    const instructions = dockerfile?.instructions.map(({ range }) => [
      file.lines.position(range.start).line,
      file.lines.position(range.end).line,
    ])
    ignores.set(file.path, ignoresIn(file, instructions as [number, number][] | undefined))
  }
  return ({ rule, source }) => {
    const match = ignores
      .get(source.file)
      ?.find((ignore) => ignore.rule === rule && ignore.from <= source.line && source.line <= ignore.to)
    return match && { by: 'comment', reason: match.reason }
  }
}

function ignoresIn(file: ProjectFile, instructions: [number, number][] | undefined): Ignore[] {
  const ignores: Ignore[] = []
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.textOf(line)
    const match = comment.exec(text)
    if (!match) continue
    const [, wholeFile, rule = '', reason = ''] = match
    const ownLine = text.slice(0, match.index).trim() === ''
    const [from, to] = wholeFile
      ? [1, file.lines.count]
      : ownLine
        ? following(file, line, instructions)
        : [line, line]
    ignores.push({ rule, reason, from, to })
  }
  return ignores
}

function following(
  file: ProjectFile,
  line: number,
  instructions: [number, number][] | undefined,
): [number, number] {
  const inside = instructions?.find(([from, to]) => (from <= line && line <= to) || from > line)
  if (inside) return inside
  let from = line + 1
  while (from < file.lines.count && /^\s*(#.*)?$/u.test(file.lines.textOf(from))) from++
  const indent = indentOf(file.lines.textOf(from))
  let to = from
  while (
    to < file.lines.count &&
    (file.lines.textOf(to + 1).trim() === '' || indentOf(file.lines.textOf(to + 1)) > indent)
  )
    to++
  return [from, to]
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
