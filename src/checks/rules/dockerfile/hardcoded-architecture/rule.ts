import type { TextRange } from '../../../../base/index.ts'
import { runCommands } from '../../../../dockerfile/index.ts'
import { isChosenByPlatform, neededStages } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

const architectureInUrl =
  /(?:^|[-_./])(amd64|x86_64|x86-64|x64|linux64|arm64|aarch64|armv7l?|armhf)(?=$|[-_./])/iu

export default defineRule({
  id: 'dockerfile/hardcoded-architecture',
  severity: 'error',
  summary: 'A download names one architecture in a stage that is built for several.',
  *check(project) {
    for (const checked of soundDockerfiles(project)) {
      const { file, graph, platforms } = checked
      if (platforms.length < 2) continue
      for (const stage of neededStages(graph)) {
        if (stage.runsOn !== 'target' || isChosenByPlatform(checked.dockerfile, stage)) continue
        for (const { instruction } of stage.steps) {
          for (const { text, range } of downloadsOf(instruction)) {
            const match = architectureInUrl.exec(new URL(text).pathname)
            if (!match) continue
            yield {
              file,
              range,
              message: `this is for ${match[1] ?? ''} only, and the stage is built for ${platforms.join(', ')}`,
              hint: 'choose the file by $TARGETARCH (after ARG TARGETARCH), with a checksum for each',
            }
          }
        }
      }
    }
  },
})

type Instruction = Parameters<typeof runCommands>[0] | { keyword: string }

/** URLs that ADD, curl and wget fetch. A script that looks at the architecture is not judged. */
function downloadsOf(instruction: Instruction): { text: string; range: TextRange }[] {
  if (instruction.keyword === 'ADD' && 'sources' in instruction) {
    return (instruction.sources as { text: string; range: TextRange }[]).filter(({ text }) =>
      isPlainUrl(text),
    )
  }
  if (instruction.keyword !== 'RUN' || !('mounts' in instruction)) return []
  const script = instruction.body.text + instruction.heredocs.map(({ raw }) => raw).join('\n')
  if (
    /TARGETARCH|TARGETPLATFORM|uname|--print-architecture|\barch\b|\bcase\b|process\.arch|apk --print-arch/u.test(
      script,
    )
  )
    return []
  return runCommands(instruction)
    .filter(({ words }) => /^(?:curl|wget)$/u.test(words[0]?.text ?? ''))
    .flatMap(({ words }) => words.filter(({ text }) => isPlainUrl(text)))
}

function isPlainUrl(text: string): boolean {
  return /^https?:\/\//u.test(text) && !/TARGET|ARCH/u.test(text) && URL.canParse(text)
}
