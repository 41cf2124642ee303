import { type ImageBuild, optionsOf, type Setting } from '../../../builds/image-build.ts'
import { insert } from '../../../edits.ts'
import { buildsDiffer, cachePlace } from '../../../facts/cache-place.ts'
import { buildsOf } from '../../../facts/workflow-jobs.ts'
import { defineRule, type FileEdit, type Fix } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/shared-cache-scope',
  severity: 'error',
  summary: 'Builds that differ write one cache: the last one wins, the others start cold.',
  *check(project) {
    for (const { content } of project.workflows) {
      const builds = (content?.jobs ?? []).flatMap((job) => buildsOf(project, job))
      for (const build of builds) {
        for (const setting of build.cacheTo) {
          const place = cachePlace(setting.text)
          const rival =
            place &&
            builds.find(
              (other) =>
                other !== build &&
                buildsDiffer(build, other) &&
                other.cacheTo.some(({ text }) => cachePlace(text) === place),
            )
          if (!place || !rival) continue
          const fix = fixFor(build, setting, builds)
          yield {
            file: build.file,
            range: setting.range,
            message: `${describe(build, rival)} both write ${place}: the last one wins, the other starts cold`,
            ...(fix
              ? { fix }
              : {
                  hint: 'give each a scope (type=gha) or ref (type=registry) of its own, in cache-to and cache-from',
                }),
          }
        }
      }
    }
  },
})

function describe(a: ImageBuild, b: ImageBuild): string {
  const [one, two] = [a, b]
    .map((build) => build.platforms?.join('+') || build.dockerfile || build.context || 'a build')
    .sort()
  if (one !== two) return `${one} and ${two}`
  return `the builds of ${a.job?.id ?? ''} and ${b.job?.id ?? ''}`
}

/** In a matrix the expression that gives the platform tells the rows apart, in what is written and in what is read. */
function fixFor(build: ImageBuild, setting: Setting, builds: readonly ImageBuild[]): Fix | undefined {
  const expression = platformExpression(build)
  const options = optionsOf(setting.text)
  if (!expression || options.get('type') !== 'gha' || options.has('scope')) return undefined
  const rivals = builds.filter((other) =>
    other.cacheTo.some(({ text }) => cachePlace(text) === cachePlace(setting.text)),
  )
  // Rows that also differ by what they build need more than the platform in the scope.
  const onlyPlatforms = rivals.every(
    (other) =>
      other.step === build.step &&
      other.dockerfile === build.dockerfile &&
      other.context === build.context &&
      other.target === build.target,
  )
  if (!onlyPlatforms) return undefined
  const open = [setting, ...build.cacheFrom].filter(({ text }) => {
    const options = optionsOf(text)
    return options.get('type') === 'gha' && !options.has('scope')
  })
  const edits: FileEdit[] = open.map(({ range }) => insert(build.file, range.end, `,scope=${expression}`))
  return { title: `add scope=${expression}`, automatic: true, edits }
}

function platformExpression(build: ImageBuild): string | undefined {
  const written = build.step?.inputs.get('platforms')?.text ?? ''
  const expression = /\$\{\{\s*(matrix\.[\w.-]+)\s*\}\}/u.exec(written)
  return expression ? `\${{ ${expression[1] ?? ''} }}` : undefined
}
