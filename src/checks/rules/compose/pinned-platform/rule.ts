import { entryOf } from '../../../../workflow/index.ts'
import { removeLines } from '../../../edits.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'compose/pinned-platform',
  severity: 'warning',
  summary: 'A service that is built here is pinned to one platform, so other machines emulate it.',
  *check({ composes }) {
    for (const { file, content } of composes) {
      for (const { name, platform, build, entry } of content) {
        // A test file pins on purpose, and so does a service that several entries test on different platforms.
        const isTest = /test|\bci\b|arm64|amd64/u.test(file.path) || /arm64|amd64|x86/u.test(name)
        if (!platform || !build || build.platforms.length > 0 || platform.text.includes('$') || isTest)
          continue
        const own = entryOf(entry.value, 'platform')
        yield {
          file,
          range: platform.range,
          message: `service ${name} is built and run as ${platform.text} everywhere, under emulation on other machines`,
          ...(own && !own.merged && entry.value.kind === 'map' && !entry.value.flow
            ? {
                fix: {
                  title: 'remove platform',
                  automatic: false,
                  edits: [removeLines(file, { start: own.keyRange.start, end: platform.range.end })],
                },
              }
            : {}),
        }
      }
    }
  },
})
