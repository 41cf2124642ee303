import { insert } from '../../../edits.ts'
import {
  commandsOf,
  flagValue,
  hasFlag,
  installOf,
  type Libc,
  neededStages,
  rootImageOf,
} from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/cross-install-incomplete',
  severity: 'warning',
  summary: 'An install for another CPU does not say for which system and C library.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      const libc = graph.target && rootImageOf(graph, graph.target)?.libc
      for (const stage of neededStages(graph)) {
        for (const { command } of commandsOf(stage)) {
          if (installOf(command)?.manager !== 'npm' || !hasFlag(command, '--cpu')) continue
          const cpu = flagValue(command, '--cpu')
          const missing = missingFlags(hasFlag(command, '--os'), hasFlag(command, '--libc'), libc)
          const given = flagValue(command, '--libc')
          if (cpu && missing.length > 0) {
            yield {
              file,
              range: command.range,
              message: `npm takes ${missing.map((flag) => flag.split('=')[0]).join(' and ')} from the machine it runs on`,
              fix: {
                title: `add ${missing.join(' ')}`,
                automatic: true,
                edits: [insert(file, cpu.range.end, missing.map((flag) => ` ${flag}`).join(''))],
              },
            }
          } else if (given && libc && !given.text.includes('$') && given.text !== libc) {
            yield {
              file,
              range: given.range,
              message: `the image has ${libc}, and this installs binaries for ${given.text}`,
              hint: `--libc=${libc}`,
            }
          }
        }
      }
    }
  },
})

function missingFlags(os: boolean, hasLibc: boolean, libc: Libc | undefined): string[] {
  return [...(os ? [] : ['--os=linux']), ...(hasLibc || !libc ? [] : [`--libc=${libc}`])]
}
