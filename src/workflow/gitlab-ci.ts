/** GitLab CI: the jobs of a file with their scripts; what `include` and `extends` bring from elsewhere is not seen. */
import { entriesAt, scalarAt, scalarsAt } from './yaml-access.ts'
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-tree.ts'

export interface GitlabJob {
  readonly name: string
  readonly entry: YamlEntry
  readonly timeout: YamlScalar | undefined
  /** the lines of before_script, script and after_script */
  readonly script: readonly YamlScalar[]
}

const notJobs = new Set([
  'default',
  'include',
  'stages',
  'variables',
  'workflow',
  'image',
  'services',
  'cache',
  'before_script',
  'after_script',
  'spec',
])

export function toGitlabJobs(document: YamlNode | undefined): GitlabJob[] {
  return entriesAt(document)
    .filter(({ key, value }) => !notJobs.has(key) && value.kind === 'map')
    .map((entry) => ({
      name: entry.key,
      entry,
      timeout: scalarAt(entry.value, 'timeout'),
      script: ['before_script', 'script', 'after_script'].flatMap((key) => scalarsAt(entry.value, key)),
    }))
    .filter((job) => job.script.length > 0)
}
