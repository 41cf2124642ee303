import { architectureOf } from '../../../../forecast/index.ts'
import type { ImageBuild } from '../../../builds/image-build.ts'
import { pushesImage, repositoriesOf, runnerOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/platform-not-built',
  severity: 'error',
  summary: 'The project is for a platform for which its pipeline pushes no image.',
  *check({ asked, builds }) {
    if (!asked) return
    // The configuration speaks of the service in the project's root.
    const pushing = builds.filter(
      (build) => build.context === '' && build.origin !== 'compose' && pushesImage(build),
    )
    const reported = new Set<string>()
    for (const build of pushing) {
      for (const repository of repositoriesOf(build)) {
        if (reported.has(repository)) continue
        reported.add(repository)
        const parts = pushing.filter((other) => repositoriesOf(other).includes(repository))
        const made = parts.map(madeBy)
        if (made.includes(undefined)) continue
        const missing = asked.filter(
          (platform) => !made.some((list) => list?.some((one) => serves(one, platform))),
        )
        if (missing.length === 0) continue
        yield {
          file: build.file,
          range: build.platformSetting?.range ?? build.range,
          message: `the project is for ${asked.join(', ')}, and no build of ${repository} makes ${missing.join(', ')}: machines of that kind pull an image that they cannot run`,
          hint: `say platforms: ${asked.join(',')}, or build each platform on a runner of its own and join them`,
        }
      }
    }
  },
})

/** The platforms that a build makes; undefined when it is not known. Without a setting it is that of its machine. */
function madeBy(build: ImageBuild): readonly string[] | undefined {
  if (build.platforms?.length !== 0) return build.platforms
  const runner = runnerOf(build)
  return runner === undefined ? undefined : [`linux/${runner}`]
}

function serves(made: string, wanted: string): boolean {
  const [variant, other] = [made, wanted].map((platform) => platform.split('/')[2])
  return (
    architectureOf(made) === architectureOf(wanted) &&
    (variant === undefined || other === undefined || variant === other)
  )
}
