import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/does-not-parse',
  severity: 'error',
  summary: 'A CI file is not valid YAML.',
  *check({ workflows, gitlab }) {
    for (const { file, yaml } of [...workflows, ...gitlab]) {
      for (const { message, range } of yaml.problems.slice(0, 1))
        yield { file, range, message: `not YAML: ${message}` }
    }
  },
})
