import type { ResolvedStage, Step } from '../../../../dockerfile/index.ts'
import { isEmulated } from '../../../facts/emulation.ts'
import {
  commandsOf,
  describeStage,
  hasFlag,
  installOf,
  isChosenByPlatform,
  neededStages,
} from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/emulated-install',
  severity: 'info',
  summary:
    'Dependencies are installed under emulation, although the package manager can do it for another platform.',
  *check(project) {
    for (const checked of soundDockerfiles(project)) {
      if (!isEmulated(checked)) continue
      const { file, graph } = checked
      for (const stage of neededStages(graph)) {
        if (stage.runsOn !== 'target' || isChosenByPlatform(checked.dockerfile, stage)) continue
        const found = commandsOf(stage).find(
          ({ command }) => installOf(command) && !hasFlag(command, '--offline'),
        )
        if (!found) continue
        yield {
          file,
          range: found.command.range,
          message: `${describeStage(stage)} installs once for each platform, about 7 times slower where it is emulated${copiesAllBefore(stage, found.step) ? ', and again after every change of a source: the whole project is copied before' : ''}`,
          hint: 'install in a stage FROM --platform=$BUILDPLATFORM with --ignore-scripts --os=linux --cpu=… --libc=…, and rebuild for the target only what compiles',
        }
      }
    }
  },
})

/** `COPY . .` before the install: nothing of it is taken from the build cache when any file changed. */
function copiesAllBefore({ steps }: ResolvedStage, install: Step): boolean {
  return steps
    .slice(0, steps.indexOf(install))
    .some(
      ({ instruction }) =>
        (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') &&
        instruction.from === undefined &&
        instruction.sources.some(({ text }) => /^\.?\/?$/u.test(text)),
    )
}
