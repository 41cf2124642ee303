import { replace } from '../../../edits.ts'
import { jobsOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/push-on-pull-request',
  severity: 'warning',
  summary:
    'Pull requests push to the registry, which fails for forks and publishes unreviewed code for others.',
  *check(project) {
    for (const { file, workflow, job } of jobsOf(project)) {
      if (!workflow.events.has('pull_request') || job.condition) continue
      for (const step of job.steps) {
        const push = step.inputs.get('push')
        if (step.uses?.name !== 'docker/build-push-action' || step.condition || push?.text !== 'true')
          continue
        yield {
          file,
          range: push.range,
          message:
            'this pushes for pull requests too: a fork has no right to, a branch publishes before review',
          fix: {
            title: 'push only what is no pull request',
            automatic: true,
            edits: [replace(file, push.range, "${{ github.event_name != 'pull_request' }}")],
          },
        }
      }
    }
  },
})
