import { commandText, jobsOf, scriptCommands } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/manifest-command',
  severity: 'warning',
  summary: 'docker manifest joins platforms, which refuses images with attestations.',
  *check(project) {
    for (const { file, job } of jobsOf(project)) {
      for (const { command } of scriptCommands(job)) {
        if (!/^docker manifest create\b/u.test(commandText(command))) continue
        yield {
          file,
          range: command.range,
          message: 'docker manifest create refuses what BuildKit pushes by default: an index with provenance',
          hint: 'docker buildx imagetools create --tag NAME DIGEST… takes them and keeps the attestations; docker manifest push is not needed then',
        }
      }
    }
  },
})
