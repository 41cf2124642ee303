/** The commands that a RUN step executes, whichever way it is written. */
import { LogicalText } from '../base/index.ts'
import type { Instruction, Word } from './instruction.ts'
import { type ShellCommand, shellCommands } from './shell-command.ts'

type Executing = Extract<Instruction, { keyword: 'RUN' | 'CMD' | 'ENTRYPOINT' | 'SHELL' }>

/**
 * The commands of RUN, CMD or ENTRYPOINT: shell form, JSON form (`["sh", "-c", "…"]` is looked into) and scripts in
 * here-documents.
 */
export function runCommands(instruction: Executing): readonly ShellCommand[] {
  if (instruction.exec) return execCommands(instruction.exec)
  const script = instruction.heredocs[0]
  if (script && /^<<-?\S+$/u.test(instruction.body.text.trim())) {
    return shellCommands(LogicalText.join([{ text: script.raw, offset: script.range.start }]))
  }
  return shellCommands(instruction.body)
}

function execCommands(words: readonly Word[]): readonly ShellCommand[] {
  const [program, option, script] = words
  const last = words.at(-1)
  if (!program || !last) return []
  if (/(^|\/)(ba|da|a)?sh$/u.test(program.text) && /^-[a-z]*c$/u.test(option?.text ?? '') && script) {
    return shellCommands(LogicalText.join([{ text: script.text, offset: script.range.start }]))
  }
  const range = { start: program.range.start, end: last.range.end }
  return [{ assignments: [], words, range, operator: '' }]
}
