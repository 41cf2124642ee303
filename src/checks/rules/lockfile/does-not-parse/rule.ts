import { messageOf } from '../../../../base/index.ts'
import { parsePackageLock } from '../../../../lockfile/index.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'lockfile/does-not-parse',
  severity: 'error',
  summary: 'A lockfile cannot be used.',
  *check(project) {
    for (const file of project.ofKind('npm-lock')) {
      try {
        parsePackageLock(file.text, file.path)
      } catch (error) {
        const [, line, column] = /:(\d+):(\d+)/u.exec(messageOf(error)) ?? []
        const start = line === undefined ? 0 : file.lines.startOf(Number(line)) + Number(column) - 1
        const message = messageOf(error).replace(/^\S+:\d+:\d+:?\s*/u, '')
        yield { file, range: { start, end: Math.min(start + 1, file.text.length) }, message }
      }
    }
  },
})
