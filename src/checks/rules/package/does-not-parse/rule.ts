import { parseYaml } from '../../../../workflow/index.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'package/does-not-parse',
  severity: 'error',
  summary: 'A package.json is not valid JSON.',
  *check(project) {
    for (const file of project.ofKind('package')) {
      const mistake = mistakeIn(file.text.replace(/^\uFEFF/u, ''))
      if (mistake === undefined) continue
      // JSON is YAML, except for tabs: its reader knows the place.
      const [problem] = parseYaml(file.text.replaceAll('\t', ' ')).problems
      yield {
        file,
        range: problem?.range ?? { start: 0, end: 0 },
        message: `not JSON: ${problem?.message ?? mistake}`,
      }
    }
  },
})

function mistakeIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? undefined
      : 'it is not an object'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
