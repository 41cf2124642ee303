import { repositoryOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'deploy/mutable-tag',
  severity: 'warning',
  summary: 'A deployment runs an image of this project by a tag that moves.',
  *check({ manifests, builds }) {
    const own = new Set(builds.flatMap(({ tags }) => tags.map(({ text }) => repositoryOf(text))))
    for (const { file, content } of manifests) {
      for (const { name, images } of content) {
        for (const image of images) {
          const repository = repositoryOf(image.text)
          const rest = image.text.slice(repository.length)
          if (!own.has(repository) || !(rest === '' || rest === ':latest')) continue
          yield {
            file,
            range: image.range,
            message: `${name} runs whatever ${rest === '' ? 'latest' : rest.slice(1)} is when a machine pulls: two nodes may run two versions, and a broken push reaches all`,
            hint: 'deploy the digest that was tested (image@sha256:…), or at least a tag of its own for each version',
          }
        }
      }
    }
  },
})
