import type { TextRange } from '../../../../base/index.ts'
import {
  expandedWords,
  type Instruction,
  platformArgumentNames,
  type Step,
} from '../../../../dockerfile/index.ts'
import { insertLineBefore } from '../../../edits.ts'
import { describeStage, neededStages } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/platform-argument-undeclared',
  severity: 'error',
  summary: 'A stage uses an automatic platform argument without declaring it, so it is empty.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      for (const stage of neededStages(graph)) {
        const reported = new Set<string>()
        for (const step of stage.steps) {
          if (step.onbuild) continue
          for (const { name, range } of usesIn(step)) {
            if (step.scope.has(name) || reported.has(name)) continue
            reported.add(name)
            yield {
              file,
              range,
              message: `${name} is empty here: ${describeStage(stage)} does not declare it`,
              fix: {
                title: `add ARG ${name} before it`,
                automatic: true,
                edits: [insertLineBefore(file, step.instruction.range.start, `ARG ${name}`)],
              },
            }
          }
        }
      }
    }
  },
})

interface Use {
  name: string
  range: TextRange
}

/** Uses of the arguments in what BuildKit expands and in shell commands. With a default of its own, empty is meant. */
function usesIn({ instruction }: Step): Use[] {
  const uses: Use[] = []
  for (const { text, range } of textsOf(instruction)) {
    for (const match of text.matchAll(/\$(?:(\w+)|\{(\w+)([^}]?))/gu)) {
      const name = match[1] ?? match[2] ?? ''
      const hasDefault = match[3] === ':' || match[3] === '-' || match[3] === '+'
      if (!platformArgumentNames.has(name) || hasDefault) continue
      if (isEscaped(text, match.index) || isAssigned(text, name)) continue
      const closing = match[2] === undefined ? -1 : text.indexOf('}', match.index)
      uses.push({
        name,
        range: range(match.index, closing === -1 ? match.index + match[0].length : closing + 1),
      })
    }
  }
  return uses
}

interface PlacedText {
  text: string
  range: (start: number, end: number) => TextRange
}

function textsOf(instruction: Instruction): PlacedText[] {
  if (instruction.keyword === 'RUN') {
    if (instruction.exec) return []
    const scripts = instruction.heredocs.map(({ raw, range }) => ({
      text: raw,
      range: (start: number, end: number) => ({ start: range.start + start, end: range.start + end }),
    }))
    const { body } = instruction
    return [{ text: body.text, range: (start, end) => body.range(start, end) }, ...scripts]
  }
  const values = instruction.keyword === 'ENV' ? instruction.pairs.flatMap(({ value }) => value ?? []) : []
  return [...values, ...expandedWords(instruction)].map(({ text, range }) => ({
    text,
    range: (start, end) => ({ start: range.start + start, end: Math.min(range.start + end, range.end) }),
  }))
}

/** Behind a backslash or in single quotes nothing is expanded. */
function isEscaped(text: string, index: number): boolean {
  if (text[index - 1] === '\\') return true
  const before = text.slice(0, index).replaceAll(/"(?:\\.|[^"\\])*"/gsu, '')
  return (before.match(/'/gu)?.length ?? 0) % 2 === 1 && text.includes("'", index)
}

/** The script sets it itself. */
function isAssigned(text: string, name: string): boolean {
  return new RegExp(`(?:^|[\\s;&|(])(?:export\\s+)?${name}=|\\b(?:read|for)\\s+${name}\\b`, 'u').test(text)
}
