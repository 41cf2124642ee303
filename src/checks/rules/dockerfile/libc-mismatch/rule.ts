import type { ResolvedStage, StageGraph } from '../../../../dockerfile/index.ts'
import {
  bringsNodeModules,
  commandsOf,
  describeStage,
  hasFlag,
  installOf,
  nativePackages,
  rootImageOf,
  stageCopies,
  workingFolder,
} from '../../../../forecast/index.ts'
import { lockFor } from '../../../facts/lock-for.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/libc-mismatch',
  severity: 'error',
  summary: 'node_modules is installed with one C library and run with another.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      const lock = lockFor(project, file)
      if (lock && nativePackages(lock.entries).length === 0) continue
      for (const copy of stageCopies(graph)) {
        const from = rootImageOf(graph, copy.from)
        const to = rootImageOf(graph, copy.to)
        if (!from?.libc || !to?.libc || from.libc === to.libc) continue
        const folders = installFolders(graph, copy.from)
        if (folders.length === 0 || !bringsNodeModules(graph, copy, folders)) continue
        yield {
          file,
          range: copy.step.instruction.range,
          message: `${describeStage(copy.from)} installs for ${from.libc} (${from.reference}), and this stage has ${to.libc} (${to.reference})`,
          hint: `use bases with the same C library, or install with --libc=${to.libc} and --ignore-scripts`,
        }
      }
    }
  },
})

/** Where a stage installs for its own C library. */
function installFolders(graph: StageGraph, stage: ResolvedStage): string[] {
  return commandsOf(stage).flatMap(({ command, step }) =>
    installOf(command) && !hasFlag(command, '--libc') ? [workingFolder(graph, stage, step)] : [],
  )
}
