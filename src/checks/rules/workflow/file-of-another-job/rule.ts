import type { WorkflowJob } from '../../../../workflow/index.ts'
import { jobsOf, scriptCommands } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/file-of-another-job',
  severity: 'error',
  summary: 'A job reads a file below /tmp that another job wrote, and jobs share no disk.',
  *check(project) {
    for (const { file, workflow, job } of jobsOf(project)) {
      // What is fetched, restored or checked out may bring the file.
      if (job.steps.some(({ uses }) => /download-artifact|cache|(?:^|\/)restore/u.test(uses?.name ?? '')))
        continue
      if (job.runsOn.some((label) => label.includes('self-hosted'))) continue
      const written = workflow.jobs
        .filter((other) => other !== job && job.needs.includes(other.id))
        .flatMap(writtenFiles)
      const own = writtenFiles(job)
      for (const { command } of scriptCommands(job)) {
        for (const word of command.words) {
          const path = temporaryPath(word.text)
          if (path === undefined || !written.includes(path) || own.includes(path)) continue
          if (/^(?:mkdir|rm|touch|tee)$/u.test(command.words[0]?.text ?? '')) continue
          yield {
            file,
            range: word.range,
            message: `${path} was written by another job, on another machine: it is not here`,
            hint: 'pass it on as an artifact or as an output of the job',
          }
        }
      }
    }
  },
})

/** Paths below /tmp that a job's scripts create by redirection, touch, tee or as metadata of a build. */
function writtenFiles(job: WorkflowJob): string[] {
  return job.steps.flatMap(({ run }) => {
    const text = run?.text ?? ''
    const found = text.matchAll(
      /(?:>{1,2}|\btouch|\btee(?: -a)?|\bmkdir(?: -p)?|--(?:metadata-file|iidfile)[= ]|-o )\s*["']?(\/tmp\/[\w./-]+)/gu,
    )
    return [...found].map((match) => match[1] as string)
  })
}

function temporaryPath(text: string): string | undefined {
  return /^(\/tmp\/[\w./-]+)$/u.exec(text)?.[1]
}
