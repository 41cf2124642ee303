import { executedCommands, hasFlag } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

const dockerName = /\$\{?(?:TARGET|BUILD)ARCH\}?(?![\w/:#%])/u

export default defineRule({
  id: 'dockerfile/architecture-name',
  severity: 'error',
  summary: 'TARGETARCH says amd64 where npm and Node.js downloads say x64.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      for (const { command } of executedCommands(graph)) {
        const [program] = command.words
        for (const word of command.words) {
          const match = dockerName.exec(word.text)
          if (!match) continue
          const isNpm =
            program !== undefined &&
            /^(?:npm|pnpm|bun)$/u.test(program.text) &&
            isCpuValue(command.words.indexOf(word), word.text, command)
          const isNodeDownload = /nodejs\.org\/|\bnode-v[^/]*-linux-/u.test(word.text)
          if (!isNpm && !isNodeDownload) continue
          yield {
            file,
            range: word.range,
            message: `${match[0]} is amd64 here, and ${isNpm ? program.text : 'Node.js'} calls that architecture x64`,
            hint: 'map it first, as in: case "$TARGETARCH" in amd64) cpu=x64 ;; *) cpu="$TARGETARCH" ;; esac',
          }
        }
      }
    }
  },
})

function isCpuValue(index: number, text: string, command: Parameters<typeof hasFlag>[0]): boolean {
  return text.startsWith('--cpu=') || command.words[index - 1]?.text === '--cpu'
}
