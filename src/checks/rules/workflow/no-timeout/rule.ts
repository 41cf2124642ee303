import { insertEntryBefore } from '../../../edits.ts'
import { buildsOf, isNative, jobsOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/no-timeout',
  severity: 'warning',
  summary: 'A job that builds images has no time limit: an emulated step that hangs costs six hours.',
  *check(project) {
    for (const { file, job } of jobsOf(project)) {
      const builds = buildsOf(project, job).filter((build) => (build.platforms ?? ['']).length > 0)
      const isBounded = builds.every((build) => isNative(build) || build.step?.timeout !== undefined)
      if (job.timeout || isBounded) continue
      const runsOn = job.node.entries.find(({ key, merged }) => key === 'runs-on' && !merged)
      const fixable = runsOn && !job.node.flow
      yield {
        file,
        range: job.entry.keyRange,
        message: `job ${job.id} builds for other platforms and has no timeout-minutes: GitHub stops it after six hours`,
        ...(fixable
          ? {
              fix: {
                title: 'add timeout-minutes: 120',
                automatic: true,
                edits: [insertEntryBefore(file, runsOn, ['timeout-minutes: 120'])],
              },
            }
          : {}),
      }
    }
  },
})
