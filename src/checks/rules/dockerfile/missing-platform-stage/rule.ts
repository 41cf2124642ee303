import { neededStages } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/missing-platform-stage',
  severity: 'error',
  summary: 'FROM chooses a stage by platform, and for one of the platforms there is none.',
  *check(project) {
    for (const { file, dockerfile, platforms, graphFor } of soundDockerfiles(project)) {
      for (const platform of platforms) {
        for (const { stage, base } of neededStages(graphFor(platform))) {
          const { image } = stage.from
          const prefix = image.text.split('$')[0] ?? ''
          if (!/\$\{?(?:TARGET|BUILD)/u.test(image.text) || base.kind !== 'image') continue
          const siblings = dockerfile.stages.filter(
            ({ name, index }) => index < stage.index && name?.startsWith(prefix),
          )
          // An image of a registry may be chosen by platform too; then no stage is named like it.
          if (prefix === '' || siblings.length === 0) continue
          yield {
            file,
            range: image.range,
            platform,
            message: `for ${platform} this is ${base.reference}, and no stage has that name`,
            hint: `there are ${siblings.map(({ name }) => name).join(', ')}; add FROM … AS ${base.reference}`,
          }
        }
      }
    }
  },
})
