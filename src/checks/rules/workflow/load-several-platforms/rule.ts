import { jobsOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/load-several-platforms',
  severity: 'error',
  summary: 'A build of several platforms is loaded into the engine, whose classic store holds one.',
  *check(project) {
    const withContainerd = new Set(
      jobsOf(project)
        .filter(({ job }) =>
          job.steps.some(({ inputs, run }) =>
            /containerd-snapshotter/u.test(
              [...inputs.values(), ...(run ? [run] : [])].map(({ text }) => text).join('\n'),
            ),
          ),
        )
        .map(({ job }) => job),
    )
    for (const build of project.builds) {
      if (build.load !== true || (build.platforms ?? []).length < 2) continue
      if (build.origin === 'compose' || (build.job && withContainerd.has(build.job))) continue
      yield {
        file: build.file,
        range: build.platformSetting?.range ?? build.range,
        message: `load takes one platform, and these are ${build.platforms?.join(', ') ?? ''}: docker exporter does not currently support exporting manifest lists`,
        hint: 'load one platform to test it and push them all afterwards, or enable the containerd image store',
      }
    }
  },
})
