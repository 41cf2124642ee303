import { findJsonMistake } from '../../../../lockfile/index.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'package/does-not-parse',
  severity: 'error',
  summary: 'A package.json is not valid JSON.',
  *check(project) {
    for (const file of project.ofKind('package')) {
      const mark = file.text.startsWith('\uFEFF') ? 1 : 0
      const text = file.text.slice(mark)
      const mistake = findJsonMistake(text)
      if (!mistake && isObject(text)) continue
      const offset = mark + (mistake?.offset ?? 0)
      yield {
        file,
        range: { start: offset, end: Math.min(offset + 1, file.text.length) },
        message: mistake ? `not JSON: ${mistake.why}` : 'not JSON: it is not an object',
      }
    }
  },
})

function isObject(text: string): boolean {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
