import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/does-not-parse',
  severity: 'error',
  summary: 'The Dockerfile has a mistake that stops every build.',
  *check({ dockerfiles }) {
    for (const { file, dockerfile } of dockerfiles) {
      for (const { message, expected, range } of dockerfile.problems) {
        yield { file, range, message, ...(expected === undefined ? {} : { hint: `expected: ${expected}` }) }
      }
    }
  },
})
