import { jobsOf } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

/** The first major version whose Node.js the runners still have; those before it fail or print warnings. As of July 2026. */
const firstSupported = new Map([
  ['actions/checkout', 4],
  ['actions/setup-node', 4],
  ['actions/cache', 4],
  ['actions/upload-artifact', 4],
  ['actions/download-artifact', 4],
  ['docker/build-push-action', 5],
  ['docker/setup-buildx-action', 3],
  ['docker/setup-qemu-action', 3],
  ['docker/login-action', 3],
  ['docker/metadata-action', 5],
  ['docker/bake-action', 4],
])

export default defineRule({
  id: 'workflow/retired-action',
  severity: 'warning',
  summary: 'A step uses a major version of an action that runners no longer support.',
  *check(project) {
    for (const { file, job } of jobsOf(project)) {
      for (const { uses } of job.steps) {
        const first = uses && firstSupported.get(uses.name)
        const major = uses && /^v(\d+)(?:\.\d+){0,2}$/u.exec(uses.ref)?.[1]
        if (!uses || first === undefined || major === undefined || Number(major) >= first) continue
        yield {
          file,
          range: uses.scalar.range,
          message: `${uses.name}@${uses.ref} runs on a Node.js that runners have removed`,
          hint: `use v${first} or newer, best pinned by its commit; read the notes of each major version between`,
        }
      }
    }
  },
})
