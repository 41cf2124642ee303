import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'compose/does-not-parse',
  severity: 'error',
  summary: 'A compose file is not valid YAML.',
  *check({ composes }) {
    for (const { file, yaml } of composes) {
      for (const { message, range } of yaml.problems.slice(0, 1))
        yield { file, range, message: `not YAML: ${message}` }
    }
  },
})
