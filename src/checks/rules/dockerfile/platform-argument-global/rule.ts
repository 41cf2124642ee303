import { platformArgumentNames } from '../../../../dockerfile/index.ts'
import { removeLines } from '../../../edits.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/platform-argument-global',
  severity: 'warning',
  summary:
    'An automatic platform argument is declared before the first FROM, which empties it on older BuildKits.',
  *check(project) {
    for (const { file, dockerfile } of soundDockerfiles(project)) {
      for (const instruction of dockerfile.globalArgs) {
        const platformPairs = instruction.pairs.filter(
          ({ name, value }) => !value && platformArgumentNames.has(name.text),
        )
        const [first] = platformPairs
        if (!first) continue
        const removable = platformPairs.length === instruction.pairs.length
        yield {
          file,
          range: instruction.range,
          message: `${first.name.text} needs no ARG before FROM, and BuildKit up to 0.13 takes it as empty there`,
          ...(removable
            ? {
                fix: {
                  title: 'remove the line',
                  automatic: true,
                  edits: [removeLines(file, instruction.range)],
                },
              }
            : { hint: `take ${platformPairs.map(({ name }) => name.text).join(', ')} out of this ARG` }),
        }
      }
    }
  },
})
