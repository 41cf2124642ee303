import { jobsOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/untagged-cleanup',
  severity: 'error',
  summary: 'A cleanup deletes untagged versions, and the platforms of an index are untagged.',
  *check(project) {
    for (const { file, job } of jobsOf(project)) {
      for (const { uses, inputs } of job.steps) {
        if (uses?.name !== 'actions/delete-package-versions') continue
        const untagged = inputs.get('delete-only-untagged-versions')
        if (untagged?.text !== 'true' || inputs.get('package-type')?.text !== 'container') continue
        yield {
          file,
          range: untagged.range,
          message:
            'an index has a tag, its platforms have none: this deletes them, and every pull of the tag fails',
          hint: 'use a cleanup that follows indexes, or delete by tag',
        }
      }
    }
  },
})
