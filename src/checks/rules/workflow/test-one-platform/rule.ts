import type { ShellCommand } from '../../../../dockerfile/index.ts'
import type { ImageBuild } from '../../../builds/image-build.ts'
import {
  commandText,
  jobsOf,
  pushesImage,
  repositoryOf,
  scriptCommands,
} from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/test-one-platform',
  severity: 'warning',
  summary: 'An image of several platforms is tested on the platform of the runner only.',
  *check(project) {
    for (const { file, workflow, job } of jobsOf(project)) {
      const runs = scriptCommands(job).filter(({ command }) => isRun(command))
      const chosen = [
        workflow.environment,
        job.environment,
        ...job.steps.map(({ environment }) => environment),
      ]
      // One test that names a platform is one of several, or meant so.
      if (runs.some(({ command }) => namesPlatform(command))) continue
      if (chosen.some((variables) => variables.has('DOCKER_DEFAULT_PLATFORM'))) continue
      for (const { command } of runs) {
        const build = project.builds.find(
          (candidate) =>
            candidate.file === file &&
            (candidate.platforms ?? []).length > 1 &&
            pushesImage(candidate) &&
            runsImage(command, candidate),
        )
        if (!build) continue
        yield {
          file,
          range: command.range,
          message: `this starts the platform of the runner, and the image has ${build.platforms?.join(', ') ?? ''}: the others go out untested`,
          hint: 'run it once for each platform, with docker run --platform; everyarch smoke does',
        }
      }
    }
  },
})

function isRun(command: ShellCommand): boolean {
  return /^(?:timeout (?:-\S+ )*\S+ )?(?:docker|podman) run\b/u.test(commandText(command))
}

function namesPlatform({ words }: ShellCommand): boolean {
  return words.some(({ text }) => /^--platform(?:=|$)/u.test(text))
}

function runsImage({ words }: ShellCommand, build: ImageBuild): boolean {
  return build.tags.some(({ text }) => {
    const name = repositoryOf(text)
    return name.length > 3 && words.some((word) => repositoryOf(word.text) === name)
  })
}
