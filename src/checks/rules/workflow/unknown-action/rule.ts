import { replace } from '../../../edits.ts'
import { jobsOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

/** Names that are written again and again and that no action has, with the action that is meant. */
const meant = new Map([
  ['docker/buildx-action', 'docker/setup-buildx-action'],
  ['docker/setup-buildx', 'docker/setup-buildx-action'],
  ['docker/buildx-setup-action', 'docker/setup-buildx-action'],
  ['docker/qemu-action', 'docker/setup-qemu-action'],
  ['docker/setup-qemu', 'docker/setup-qemu-action'],
  ['docker/qemu-setup-action', 'docker/setup-qemu-action'],
  ['docker/build-push', 'docker/build-push-action'],
  ['docker/build-and-push-action', 'docker/build-push-action'],
  ['docker/build-action', 'docker/build-push-action'],
  ['docker/push-action', 'docker/build-push-action'],
  ['docker/login', 'docker/login-action'],
  ['docker/metadata', 'docker/metadata-action'],
  ['docker/meta-action', 'docker/metadata-action'],
  ['docker/bake', 'docker/bake-action'],
  ['action/checkout', 'actions/checkout'],
  ['action/setup-node', 'actions/setup-node'],
  ['actions/setup-nodejs', 'actions/setup-node'],
])

export default defineRule({
  id: 'workflow/unknown-action',
  severity: 'error',
  summary: 'A step uses an action that does not exist under this name.',
  *check(project) {
    for (const { file, job } of jobsOf(project)) {
      for (const { uses } of job.steps) {
        const name = uses && meant.get(uses.name)
        if (!uses || name === undefined) continue
        const start = uses.scalar.source.range(0, uses.name.length)
        yield {
          file,
          range: uses.scalar.range,
          message: `there is no action ${uses.name}: the job fails before its first step`,
          fix: { title: `use ${name}`, automatic: true, edits: [replace(file, start, name)] },
        }
      }
    }
  },
})
