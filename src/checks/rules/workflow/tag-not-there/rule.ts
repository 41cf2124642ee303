import { insertEntryBefore } from '../../../edits.ts'
import { buildsOf, commandText, jobsOf, repositoryOf, scriptCommands } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/tag-not-there',
  severity: 'error',
  summary: 'Pull requests test an image that only other events push.',
  *check(project) {
    for (const { file, workflow, job } of jobsOf(project)) {
      if (!workflow.events.has('pull_request') || job.condition) continue
      for (const build of buildsOf(project, job)) {
        const push = build.step?.inputs.get('push')
        if (build.origin !== 'action' || build.load !== false || build.outputs.length > 0) continue
        if (!push || !/github\.event_name\s*!=\s*'pull_request'/u.test(push.text)) continue
        const names = build.tags.map(({ text }) => repositoryOf(text)).filter((name) => !name.includes('${{'))
        for (const { step, command } of scriptCommands(job)) {
          if (step.condition || step.index < (build.step?.index ?? 0)) continue
          const image =
            /^docker (?:run|pull)\b/u.test(commandText(command)) &&
            command.words.find(({ text }) => names.includes(repositoryOf(text)))
          if (!image) continue
          const [first] = step.node.entries
          const fixable = first && !first.merged && !step.node.flow
          yield {
            file,
            range: image.range,
            message:
              'for pull requests the build does not push, so this image is not there, or is an old one',
            ...(fixable
              ? {
                  fix: {
                    title: 'run the step only where the image was pushed',
                    automatic: false,
                    edits: [insertEntryBefore(file, first, ["if: github.event_name != 'pull_request'"])],
                  },
                }
              : {}),
            hint: 'load the image for the test (load: true, one platform), or skip the step for pull requests',
          }
        }
      }
    }
  },
})
