import {
  commandsOf,
  hasFlag,
  installOf,
  lineageOf,
  nameAndVersion,
  neededStages,
  needsCompiler,
  rootImageOf,
  systemPackagesOf,
} from '../../../../forecast/index.ts'
import { lockFor } from '../../../facts/lock-for.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

const compilers = /^(?:g\+\+|gcc|build-essential|build-base|clang|alpine-sdk|\.build-deps)/u

export default defineRule({
  id: 'dockerfile/no-compiler',
  severity: 'error',
  summary: 'A package has to be compiled, and the stage that installs it has no compiler.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      const lock = lockFor(project, file)
      const sources = (lock?.entries ?? []).filter((entry) => !entry.dev && needsCompiler(entry))
      if (sources.length === 0) continue
      for (const stage of neededStages(graph)) {
        const image = rootImageOf(graph, stage)
        if (!image?.officialNode || !image.small) continue
        const lineage = lineageOf(graph, stage)
        // What is copied or built in by other means is not seen: only a stage without any such step is judged.
        const install = commandsOf(stage).find(
          ({ command }) =>
            installOf(command)?.manager === 'npm' && !hasFlag(command, '--ignore-scripts', '--offline'),
        )
        const installed = lineage.flatMap(commandsOf).flatMap(({ command }) => systemPackagesOf(command))
        if (!install || installed.some((name) => compilers.test(name) || name.includes('$'))) continue
        for (const entry of sources) {
          yield {
            file,
            range: install.command.range,
            package: nameAndVersion(entry),
            message: `${nameAndVersion(entry)} is compiled here, and ${image.reference} has no compiler`,
            hint: `install ${(needsCompiler(entry) ?? []).join(', ')} in a build stage, and copy node_modules from it`,
          }
        }
      }
    }
  },
})
