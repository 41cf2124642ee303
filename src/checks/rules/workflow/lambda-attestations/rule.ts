import { insertEntryBefore } from '../../../edits.ts'
import { buildsOf, commandText, jobsOf, pushesTag, scriptCommands } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/lambda-attestations',
  severity: 'error',
  summary: 'An image for AWS Lambda is pushed with attestations, which Lambda refuses.',
  *check(project) {
    for (const { file, workflow, job } of jobsOf(project)) {
      if (
        !workflow.jobs.some((other) =>
          scriptCommands(other).some(({ command }) => deploysFunction(commandText(command))),
        )
      )
        continue
      for (const build of buildsOf(project, job)) {
        const { step } = build
        if (!step || build.origin !== 'action' || !pushesTag(build)) continue
        if (
          step.inputs.has('provenance') ||
          step.inputs.has('attests') ||
          isSwitchedOff(step.environment) ||
          isSwitchedOff(job.environment) ||
          isSwitchedOff(workflow.environment)
        )
          continue
        const inputs = step.node.entries.find(({ key }) => key === 'with')?.value
        const first = inputs?.kind === 'map' && !inputs.flow ? inputs.entries[0] : undefined
        yield {
          file,
          range: step.uses?.scalar.range ?? step.range,
          message:
            'by default this pushes an index with provenance, and Lambda takes a single image only: the media type is not supported',
          ...(first && !first.merged
            ? {
                fix: {
                  title: 'add provenance: false',
                  automatic: true,
                  edits: [insertEntryBefore(file, first, ['provenance: false'])],
                },
              }
            : { hint: 'provenance: false' }),
        }
      }
    }
  },
})

function deploysFunction(command: string): boolean {
  return /^aws lambda (?:update-function-code|create-function)\b.*(?:--image-uri|ImageUri=)/su.test(command)
}

function isSwitchedOff(environment: ReadonlyMap<string, { text: string }>): boolean {
  return environment.has('BUILDX_NO_DEFAULT_ATTESTATIONS')
}
