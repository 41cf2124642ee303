import type { ResolvedStage } from '../../../../dockerfile/index.ts'
import { insert, insertLineBefore, lineEndOf } from '../../../edits.ts'
import { describeStage, lineageOf, rootImageOf } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import type { ProjectFile } from '../../../project-file.ts'
import { defineRule, type Fix } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/root-user',
  severity: 'warning',
  summary: 'The service runs as root, although the Node.js image has a user for it.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      const { target } = graph
      if (!target || !rootImageOf(graph, target)?.officialNode) continue
      const lineage = lineageOf(graph, target)
      const instructions = lineage.flatMap(({ steps }) => steps.map(({ instruction }) => instruction))
      if (instructions.some(({ keyword }) => keyword === 'USER')) continue
      // An entry point of its own may drop the privileges.
      if (
        instructions.some(
          (instruction) =>
            instruction.keyword === 'ENTRYPOINT' && !/tini|dumb-init|"?node"?/u.test(instruction.body.text),
        )
      )
        continue
      yield {
        file,
        range: target.stage.from.range,
        message: `${describeStage(target)} has no USER: the service runs as root`,
        fix: fixFor(file, target),
      }
    }
  },
})

function fixFor(file: ProjectFile, target: ResolvedStage): Fix {
  const own = target.stage.instructions
  const start = own.find(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT')
  const last = own.at(-1) ?? target.stage.from
  const edit = start
    ? insertLineBefore(file, start.range.start, 'USER node')
    : insert(file, last.range.end, `${lineEndOf(file)}USER node`)
  // A program that writes beside its code stops doing so: a person decides.
  return { title: 'add USER node', automatic: false, edits: [edit] }
}
