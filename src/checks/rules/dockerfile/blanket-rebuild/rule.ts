import { executedCommands } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/blanket-rebuild',
  severity: 'warning',
  summary:
    'npm rebuild without names runs every install script again, also those that were kept out on purpose.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      for (const { command } of executedCommands(graph)) {
        const [program, ...rest] = command.words
        const [verb, ...names] = rest.filter(({ text }) => !text.startsWith('-')).map(({ text }) => text)
        if (program?.text !== 'npm' || !['rebuild', 'rb'].includes(verb ?? '') || names.length > 0) continue
        if (rest.some(({ text }) => text === '--ignore-scripts')) continue
        yield {
          file,
          range: command.range,
          message:
            'this runs the install script of every package and of the project itself, and compiles where a compiler is missing',
          hint: 'name the packages that need it, as in: npm rebuild better-sqlite3',
        }
      }
    }
  },
})
