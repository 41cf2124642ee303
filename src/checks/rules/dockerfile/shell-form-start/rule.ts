import type { CommandInstruction } from '../../../../dockerfile/index.ts'
import { runCommands } from '../../../../dockerfile/index.ts'
import { replace } from '../../../edits.ts'
import { lineageOf } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import type { ProjectFile } from '../../../project-file.ts'
import { defineRule, type Fix } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/shell-form-start',
  severity: 'warning',
  summary: 'The service is started by a shell, which does not pass SIGTERM on.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      if (!graph.target) continue
      const steps = lineageOf(graph, graph.target).flatMap((stage) => stage.steps)
      const last = (keyword: 'CMD' | 'ENTRYPOINT') =>
        steps.findLast(({ instruction }) => instruction.keyword === keyword)?.instruction
      const start = last('ENTRYPOINT') ?? last('CMD')
      if (start?.keyword !== 'CMD' && start?.keyword !== 'ENTRYPOINT') continue
      // A stage before may belong to another file's habits; one place is enough.
      if (start.exec || !graph.target.stage.instructions.includes(start)) continue
      const commands = runCommands(start)
      const program = commands[0]?.words[0]?.text
      // With exec the shell makes way.
      if (
        commands.length !== 1 ||
        program === undefined ||
        program === 'exec' ||
        steps.some(({ instruction }) => instruction.keyword === 'SHELL')
      )
        continue
      const fix = fixFor(file, start)
      yield {
        file,
        range: start.range,
        message: `${start.keyword} in shell form makes /bin/sh process 1: docker stop waits ten seconds and kills`,
        ...(fix
          ? { fix }
          : { hint: `write it as a JSON array: ${start.keyword} ["…", "…"], or begin it with exec` }),
      }
    }
  },
})

/** Plain words mean the same in JSON form; anything for the shell to do does not. */
function fixFor(file: ProjectFile, start: CommandInstruction): Fix | undefined {
  const text = start.body.text.trim()
  if (!/^[\w./:=@ ,-]+$/u.test(text) || /^\w+=/u.test(text)) return undefined
  const words = text.split(/\s+/u).map((word) => JSON.stringify(word))
  return {
    title: 'write it in JSON form',
    automatic: true,
    edits: [replace(file, start.body.trim().whole, `[${words.join(', ')}]`)],
  }
}
