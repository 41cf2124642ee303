import { canServe, parsePlatform } from '../../../../oci/index.ts'
import { describeStage, neededStages } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/base-lacks-platform',
  severity: 'error',
  summary: 'A base image is not offered for a platform that is asked for.',
  *check(project) {
    if (project.offered.size === 0) return
    for (const { file, platforms, graphFor } of soundDockerfiles(project)) {
      for (const platform of platforms) {
        for (const stage of neededStages(graphFor(platform))) {
          const { base, runsOn } = stage
          const offered = base.kind === 'image' ? project.offered.get(base.reference) : undefined
          // What a stage of the build platform needs depends on the builder.
          if (base.kind !== 'image' || !offered || runsOn === 'build' || stage.platform === '') continue
          if (offered.some((each) => serves(each, stage.platform))) continue
          yield {
            file,
            range: stage.stage.from.image.range,
            platform,
            message: `${describeStage(stage)} needs ${stage.platform}, and ${base.reference} is offered for ${offered.join(', ') || 'no platform'}`,
            hint: 'choose another tag or image, or leave the platform out of what is built',
          }
        }
      }
    }
  },
})

function serves(offered: string, wanted: string): boolean {
  try {
    return canServe(parsePlatform(offered), parsePlatform(wanted))
  } catch {
    // A platform that we do not know is compared as it is written.
    return offered === wanted
  }
}
