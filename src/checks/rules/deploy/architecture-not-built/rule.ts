import { architectureOf } from '../../../../forecast/index.ts'
import { repositoryOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'deploy/architecture-not-built',
  severity: 'error',
  summary: 'A deployment is bound to an architecture for which its image is not built.',
  *check({ manifests, builds }) {
    for (const { file, content } of manifests) {
      for (const { name, images, architectures } of content) {
        for (const image of images) {
          const own = builds.filter(
            (build) =>
              build.origin !== 'compose' &&
              build.tags.some(({ text }) => repositoryOf(text) === repositoryOf(image.text)),
          )
          // Every build must say its platforms: else the missing one may be there.
          if (own.length === 0 || own.some(({ platforms }) => !platforms || platforms.length === 0)) continue
          const built = [...new Set(own.flatMap(({ platforms }) => platforms ?? []))]
          // A list of architectures is met by any of them.
          if (
            architectures.length === 0 ||
            architectures.some(({ architecture }) =>
              built.some((platform) => architectureOf(platform) === architecture),
            )
          )
            continue
          const [bound] = architectures
          yield {
            file,
            range: bound?.node.range ?? image.range,
            message: `${name} runs on ${bound?.architecture ?? ''}, and ${repositoryOf(image.text)} is built for ${built.join(', ')}`,
            hint: `add linux/${bound?.architecture ?? ''} to the platforms of the build, or change what the deployment is bound to`,
          }
        }
      }
    }
  },
})
