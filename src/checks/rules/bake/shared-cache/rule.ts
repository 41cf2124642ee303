import { buildsDiffer, cachePlace } from '../../../facts/cache-place.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'bake/shared-cache',
  severity: 'error',
  summary: 'Targets that differ write one cache: the last one wins, the others start cold.',
  *check({ bakes, builds }) {
    for (const { file } of bakes) {
      const own = builds.filter((build) => build.file === file)
      for (const build of own) {
        for (const { text, range } of build.cacheTo) {
          const place = cachePlace(text)
          const rival =
            place &&
            own.some(
              (other) =>
                other !== build &&
                buildsDiffer(build, other) &&
                other.cacheTo.some((setting) => cachePlace(setting.text) === place),
            )
          if (!rival) continue
          yield {
            file,
            range,
            message: `another target writes ${place} too: what one exports, the other throws away`,
            hint: 'give each target a scope (type=gha) or ref (type=registry) of its own, in cache-to and cache-from',
          }
        }
      }
    }
  },
})
