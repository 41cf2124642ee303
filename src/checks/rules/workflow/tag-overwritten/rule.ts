import type { ImageBuild } from '../../../builds/image-build.ts'
import { buildsOf, jobsOf, pushesTag } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/tag-overwritten',
  severity: 'error',
  summary: 'The jobs of several platforms push one tag: the last one wins and the others are gone.',
  *check(project) {
    for (const { file, job } of jobsOf(project)) {
      const pushing = buildsOf(project, job).filter(
        (build) => pushesTag(build) && build.platforms?.length === 1,
      )
      const reported = new Set<number>()
      for (const build of pushing) {
        for (const tag of build.tags) {
          const rival = pushing.find(
            (other) => other !== build && isRival(build, other) && sharesTag(other, tag.text),
          )
          if (!rival || reported.has(tag.range.start) || variesElsewhere(build, tag.text)) continue
          reported.add(tag.range.start)
          yield {
            file,
            range: tag.range,
            message: `${platformOf(build)} and ${platformOf(rival)} both push this tag: whichever ends last is all that it holds`,
            hint: 'push each platform by digest (outputs: type=image,push-by-digest=true,push=true) and join them in a job after these',
          }
        }
      }
    }
  },
})

function isRival(a: ImageBuild, b: ImageBuild): boolean {
  return (
    platformOf(a) !== platformOf(b) &&
    a.target === b.target &&
    a.dockerfile === b.dockerfile &&
    a.context === b.context
  )
}

function platformOf(build: ImageBuild): string {
  return build.platforms?.[0] ?? ''
}

function sharesTag(build: ImageBuild, tag: string): boolean {
  return build.tags.some(({ text }) => text === tag)
}

/** Tags that another step makes may differ by what that step is given; what a script computes is not known. */
function variesElsewhere({ job }: ImageBuild, tag: string): boolean {
  if (!tag.includes('${{') && !tag.includes('$')) return false
  const source = /steps\.([\w-]+)\.outputs/u.exec(tag)?.[1]
  if (source === undefined) return /matrix|env\.|needs\.|\$[A-Z{(]/u.test(tag)
  const step = job?.steps.find(({ id }) => id === source)
  if (!step || step.run) return true
  return [...step.inputs.values()].some(({ text }) => /matrix\.|env\./u.test(text))
}
