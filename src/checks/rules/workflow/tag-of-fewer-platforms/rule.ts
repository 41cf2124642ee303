import type { ImageBuild } from '../../../builds/image-build.ts'
import type { CheckedProject } from '../../../checked-project.ts'
import { buildsOf, jobsOf, pushesTag, runnerOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

/** All that one job pushes under a tag. */
interface Push {
  readonly build: ImageBuild
  readonly range: { start: number; end: number }
  readonly platforms: Set<string>
}

export default defineRule({
  id: 'workflow/tag-of-fewer-platforms',
  severity: 'warning',
  summary: 'Two jobs push the same tag, one of them for fewer platforms.',
  *check(project) {
    for (const [tag, pushes] of pushesByTag(project)) {
      for (const push of pushes) {
        const richer = pushes.find((other) => other !== push && isMore(other.platforms, push.platforms))
        if (!richer) continue
        const place = `${richer.build.file.path}:${richer.build.file.lines.position(richer.range.start).line}`
        yield {
          file: push.build.file,
          range: push.range,
          message: `${tag} is pushed here for ${[...push.platforms].join(', ')}, and in ${place} for ${[...richer.platforms].join(', ')}: after this job the others are gone`,
          hint: 'build the same platforms in both, or push under another tag here',
        }
      }
    }
  },
})

function isMore(platforms: ReadonlySet<string>, than: ReadonlySet<string>): boolean {
  return platforms.size > than.size && [...than].every((platform) => platforms.has(platform))
}

/** Tags without any expression, each with the jobs that push it; a job whose platforms are not known counts for nothing. */
function pushesByTag(project: CheckedProject): Map<string, Push[]> {
  const found = new Map<string, Push[]>()
  for (const { job } of jobsOf(project)) {
    const own = new Map<string, Push>()
    const pushing = buildsOf(project, job).filter((build) => pushesTag(build) && build.push !== undefined)
    // One of them with platforms that are not known: then nothing is known of the job.
    if (pushing.some((build) => platformsOf(build) === undefined)) continue
    for (const build of pushing) {
      for (const { text, range } of build.tags.filter((tag) => !tag.text.includes('$'))) {
        const push = own.get(text) ?? { build, range, platforms: new Set<string>() }
        for (const platform of platformsOf(build) ?? []) push.platforms.add(platform)
        own.set(text, push)
      }
    }
    for (const [tag, push] of own) found.set(tag, [...(found.get(tag) ?? []), push])
  }
  return found
}

/** Without a setting a build is for the machine that it runs on. */
function platformsOf(build: ImageBuild): readonly string[] | undefined {
  if (build.platforms === undefined || build.platforms.length > 0) return build.platforms
  const own = runnerOf(build)
  return own === undefined ? undefined : [`linux/${own}`]
}
