import { jobsOf, repositoryOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/scan-one-platform',
  severity: 'warning',
  summary: 'An image of several platforms is scanned for the platform of the runner only.',
  *check(project) {
    for (const { file, job } of jobsOf(project)) {
      for (const { uses, inputs, environment } of job.steps) {
        const image = inputs.get('image-ref')
        if (
          uses?.name !== 'aquasecurity/trivy-action' ||
          !image ||
          environment.has('TRIVY_PLATFORM') ||
          job.environment.has('TRIVY_PLATFORM')
        )
          continue
        const name = repositoryOf(image.text)
        const build = project.builds.find(
          ({ platforms, tags, file: other }) =>
            other === file &&
            (platforms ?? []).length > 1 &&
            tags.some(({ text }) => repositoryOf(text) === name),
        )
        if (!build) continue
        yield {
          file,
          range: image.range,
          message: `Trivy looks at one platform of an index, and this image has ${build.platforms?.join(', ') ?? ''}`,
          hint: 'run the step once for each platform, with TRIVY_PLATFORM in its env (a matrix does it)',
        }
      }
    }
  },
})
