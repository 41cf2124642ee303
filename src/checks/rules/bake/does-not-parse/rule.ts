import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'bake/does-not-parse',
  severity: 'error',
  summary: 'A bake file cannot be read.',
  *check({ bakes }) {
    for (const { file, problem } of bakes) {
      if (problem) yield { file, range: problem, message: problem.message }
    }
  },
})
