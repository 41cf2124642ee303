import type { ImageBuild } from '../../../builds/image-build.ts'
import {
  buildsOf,
  commandText,
  jobsOf,
  pushesTag,
  repositoryOf,
  scriptCommands,
} from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/tag-before-test',
  severity: 'error',
  summary:
    'The image is tested after its tag has moved: whoever pulls in between gets what the test refuses.',
  *check(project) {
    for (const { file, job } of jobsOf(project)) {
      for (const build of buildsOf(project, job)) {
        const { step } = build
        if (!step || !pushesTag(build) || !build.tags.some(isForEverybody)) continue
        const test = scriptCommands(job).find(
          ({ step: other, command }) => other.index > step.index && runsImage(commandText(command), build),
        )
        if (!test) continue
        yield {
          file,
          range: test.command.range,
          message: 'the tag was pushed by a step before this test: a failure here comes too late',
          hint: 'push by digest or under a candidate tag, test that on each platform, then move the tag (everyarch publish)',
        }
      }
    }
  },
})

/** Tags that say themselves that they are not meant for use yet. */
function isForEverybody({ text }: { text: string }): boolean {
  const tag = text.slice(repositoryOf(text).length)
  return !/candidate|\b(?:ci|test|tmp|temp|build)\b|run_id|github\.sha|staging/iu.test(tag)
}

function runsImage(command: string, build: ImageBuild): boolean {
  if (!/^(?:timeout \S+ )?docker run\b/u.test(command)) return false
  return build.tags.some(({ text }) => {
    const name = repositoryOf(text)
    return name.length > 3 && command.split(' ').some((word) => repositoryOf(word) === name)
  })
}
