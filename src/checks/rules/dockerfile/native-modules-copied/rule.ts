import type { ResolvedStage, StageGraph } from '../../../../dockerfile/index.ts'
import type { LockedPackage } from '../../../../lockfile/index.ts'
import {
  bringsNodeModules,
  commandsOf,
  describeStage,
  hasFlag,
  installOf,
  nameAndVersion,
  nativePackages,
  stageCopies,
  workingFolder,
} from '../../../../forecast/index.ts'
import { lockFor } from '../../../facts/lock-for.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/native-modules-copied',
  severity: 'error',
  summary: 'node_modules with binaries for the builder’s CPU is copied into an image for another one.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      const lock = lockFor(project, file)
      const native = lock ? nativePackages(lock.entries) : []
      if (native.length === 0) continue
      for (const copy of stageCopies(graph)) {
        const { from, to, step } = copy
        if (from.runsOn !== 'build' || to.runsOn !== 'target' || step.instruction.keyword !== 'COPY') continue
        const folders = hostInstallFolders(graph, from)
        if (folders.length === 0 || !bringsNodeModules(graph, copy, folders)) continue
        yield {
          file,
          range: step.instruction.range,
          message: `${describeStage(from)} installed for the builder’s own CPU: ${listOf(native)} will not load on other platforms`,
          hint: 'install for the target there (--ignore-scripts --os=linux --cpu=… --libc=…), or copy only the build’s output',
        }
      }
    }
  },
})

/** The folders in which a stage installed for the machine that it runs on. */
function hostInstallFolders(graph: StageGraph, stage: ResolvedStage): string[] {
  return commandsOf(stage).flatMap(({ command, step }) =>
    installOf(command) && !hasFlag(command, '--cpu', '--config.cpu')
      ? [workingFolder(graph, stage, step)]
      : [],
  )
}

function listOf(packages: readonly LockedPackage[]): string {
  const names = packages.slice(0, 3).map(nameAndVersion)
  const more = packages.length - names.length
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ')
}
