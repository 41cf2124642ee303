import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/unresolved-stage',
  severity: 'error',
  summary: 'A stage, base or source of a COPY cannot be resolved for a platform.',
  *check(project) {
    for (const { file, platforms, graphFor } of soundDockerfiles(project)) {
      for (const platform of platforms) {
        for (const { message, expected, range, wantsArgument } of graphFor(platform).problems) {
          // A value that must come from --build-arg is the caller's business, not a mistake of the file.
          if (wantsArgument) continue
          yield { file, range, message, ...(expected === undefined ? {} : { hint: `expected: ${expected}` }) }
        }
      }
    }
  },
})
