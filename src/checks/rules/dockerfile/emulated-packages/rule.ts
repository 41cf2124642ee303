import { isEmulated } from '../../../facts/emulation.ts'
import {
  commandsOf,
  describeStage,
  isChosenByPlatform,
  neededStages,
  systemPackagesOf,
} from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/emulated-packages',
  severity: 'info',
  summary: 'Distribution packages are installed under emulation, often the last emulated step of a build.',
  *check(project) {
    for (const checked of soundDockerfiles(project)) {
      if (!isEmulated(checked)) continue
      const { file, graph } = checked
      for (const stage of neededStages(graph)) {
        if (stage.runsOn !== 'target' || isChosenByPlatform(checked.dockerfile, stage)) continue
        for (const { command } of commandsOf(stage)) {
          const packages = systemPackagesOf(command)
          if (packages.length === 0) continue
          yield {
            file,
            range: command.range,
            message: `${describeStage(stage)} installs ${packages.join(', ')} for each platform, about 5 times slower where it is emulated`,
            hint: 'drop what the image does not need (docker run --init replaces tini), or let everyarch optimize fetch it natively',
          }
        }
      }
    }
  },
})
