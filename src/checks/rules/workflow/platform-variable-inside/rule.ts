import { commandText, jobsOf, scriptCommands } from '../../../facts/workflow-jobs.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'workflow/platform-variable-inside',
  severity: 'error',
  summary: 'DOCKER_DEFAULT_PLATFORM is set inside the container, where it changes nothing.',
  *check(project) {
    for (const { file, job } of jobsOf(project)) {
      for (const { command } of scriptCommands(job)) {
        if (!/^docker(?:-compose| compose)? /u.test(commandText(command))) continue
        const index = command.words.findIndex(
          ({ text }, at) =>
            /^(?:-e|--env)=?DOCKER_DEFAULT_PLATFORM|^DOCKER_DEFAULT_PLATFORM(?:=|$)/u.test(text) &&
            (text.startsWith('-') || /^(?:-e|--env)$/u.test(command.words[at - 1]?.text ?? '')),
        )
        const word = command.words[index]
        if (!word) continue
        yield {
          file,
          range: word.range,
          message:
            'this variable is read by the docker command, not by what runs in the container: the platform stays the same',
          hint: 'put it before the command (DOCKER_DEFAULT_PLATFORM=linux/arm64 docker …), or use --platform',
        }
      }
    }
  },
})
