import {
  bringsNodeModules,
  commandsOf,
  describeStage,
  installOf,
  rootImageOf,
  stageCopies,
  workingFolder,
} from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/node-version-mismatch',
  severity: 'warning',
  summary: 'node_modules is installed by one major version of Node.js and run by another.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      for (const copy of stageCopies(graph)) {
        const from = rootImageOf(graph, copy.from)?.nodeMajor
        const to = rootImageOf(graph, copy.to)?.nodeMajor
        if (from === undefined || to === undefined || from === to) continue
        const folders = commandsOf(copy.from).flatMap(({ command, step }) =>
          installOf(command) ? [workingFolder(graph, copy.from, step)] : [],
        )
        if (folders.length === 0 || !bringsNodeModules(graph, copy, folders)) continue
        yield {
          file,
          range: copy.step.instruction.range,
          message: `${describeStage(copy.from)} installs with Node.js ${from}, and this stage runs Node.js ${to}`,
          hint: 'a .node file that was built for one ABI does not load in the other: use the same major version',
        }
      }
    }
  },
})
