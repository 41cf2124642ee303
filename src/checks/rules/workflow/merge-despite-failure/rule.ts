import { replace } from '../../../edits.ts'
import { commandText, jobsOf, mergesPlatforms, scriptCommands } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/merge-despite-failure',
  severity: 'error',
  summary: 'The job that joins the platforms under a tag runs even when a platform failed.',
  *check(project) {
    for (const { file, workflow, job } of jobsOf(project)) {
      if (!mergesPlatforms(job)) continue
      const condition = job.condition?.text.replaceAll(/^\$\{\{|\}\}$/gu, '').trim() ?? ''
      if (job.condition && /\balways\(\)|!\s*(?:cancelled|failure)\(\)/u.test(condition)) {
        // Whoever looks at the results of the jobs before has thought of it.
        if (/needs\.[\w-]+\.result|success\(\)/u.test(condition)) continue
        yield {
          file,
          range: job.condition.range,
          message: 'this runs when a platform failed: the tag then lacks it, or keeps its old image',
          fix: {
            title: 'run only on success',
            automatic: condition === 'always()',
            edits: [replace(file, job.condition.range, job.condition.text.replace('always()', 'success()'))],
          },
        }
      } else if (job.needs.length === 0 && usesDigestsOfOthers(job)) {
        const builders = workflow.jobs.filter(
          (other) =>
            other !== job && other.steps.some(({ uses }) => uses?.name === 'docker/build-push-action'),
        )
        if (builders.length === 0) continue
        yield {
          file,
          range: job.entry.keyRange,
          message: `this does not wait for ${builders.map(({ id }) => id).join(', ')}: it joins what a run before left`,
          hint: `needs: [${builders.map(({ id }) => id).join(', ')}]`,
        }
      }
    }
  },
})

function usesDigestsOfOthers(job: Parameters<typeof scriptCommands>[0]): boolean {
  return (
    scriptCommands(job).every(({ command }) => !/^docker (?:buildx )?build\b/u.test(commandText(command))) &&
    job.steps.every(({ uses }) => uses?.name !== 'docker/build-push-action')
  )
}
