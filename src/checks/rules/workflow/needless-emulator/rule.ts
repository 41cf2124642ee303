import { removeLines } from '../../../edits.ts'
import { buildsOf, isNative, jobsOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/needless-emulator',
  severity: 'warning',
  summary: 'QEMU is set up in a job that builds only for its own CPU.',
  *check(project) {
    for (const { file, job } of jobsOf(project)) {
      const builds = buildsOf(project, job)
      if (builds.length === 0 || !builds.every(isNative)) continue
      // Something else of the job may run foreign programs.
      const others = job.steps.some(
        ({ uses, run }) =>
          uses?.name === 'docker/bake-action' ||
          /--platform|qemu|binfmt|docker (?:compose|run)|chroot/u.test(run?.text ?? ''),
      )
      if (others) continue
      for (const step of job.steps) {
        if (step.uses?.name !== 'docker/setup-qemu-action') continue
        const removable =
          step.id === undefined &&
          !job.node.flow &&
          file.lines.textOf(file.lines.position(step.range.start).line).trimStart().startsWith('- ')
        yield {
          file,
          range: step.uses.scalar.range,
          message:
            'every platform of this job is that of its runner: the emulator is never used, and hides a mistake when it is',
          ...(removable
            ? {
                fix: {
                  title: 'remove the step',
                  automatic: true,
                  edits: [
                    removeLines(file, {
                      start: step.range.start,
                      end: lastCharacter(file.text, step.range.end),
                    }),
                  ],
                },
              }
            : { hint: 'remove the step' }),
        }
      }
    }
  },
})

/** The last character of a node that is not white space: block nodes end where the next one begins. */
function lastCharacter(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length
}
