import { platformArgumentNames } from '../../../../dockerfile/index.ts'
import { removeLines, replace } from '../../../edits.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/platform-argument-default',
  severity: 'error',
  summary: 'A default for an automatic platform argument hides the platform that is being built.',
  *check(project) {
    for (const { file, dockerfile } of soundDockerfiles(project)) {
      for (const instruction of dockerfile.instructions) {
        if (instruction.keyword !== 'ARG') continue
        const isGlobal = dockerfile.globalArgs.includes(instruction)
        for (const { name, value } of instruction.pairs) {
          if (!value || !platformArgumentNames.has(name.text)) continue
          // Only a constant lies: another variable may pass the platform on.
          if (value.text.includes('$')) continue
          const range = { start: name.range.start, end: value.range.end }
          const edit =
            isGlobal && instruction.pairs.length === 1
              ? removeLines(file, instruction.range)
              : replace(file, { start: name.range.end, end: value.range.end }, '')
          yield {
            file,
            range,
            message: `${name.text} is ${value.text || 'empty'} for every platform: the default beats what BuildKit sets`,
            fix: { title: 'drop the default', automatic: true, edits: [edit] },
          }
        }
      }
    }
  },
})
