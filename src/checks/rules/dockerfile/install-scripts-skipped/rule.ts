import {
  executedCommands,
  hasFlag,
  installOf,
  nameAndVersion,
  needsScript,
} from '../../../../forecast/index.ts'
import { lockFor } from '../../../facts/lock-for.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/install-scripts-skipped',
  severity: 'error',
  summary: 'Install scripts are skipped, and a package gets its binary only from one.',
  *check(project) {
    for (const { file, graph } of soundDockerfiles(project)) {
      const lock = lockFor(project, file)
      const waiting = (lock?.entries ?? []).filter((entry) => !entry.dev && needsScript(entry))
      if (waiting.length === 0) continue
      const commands = executedCommands(graph)
      const installs = commands.filter(({ command }) => installOf(command)?.manager === 'npm')
      const [skipping] = installs.filter(({ command }) => hasFlag(command, '--ignore-scripts'))
      // Another install or a rebuild may bring the binary; then we cannot tell.
      if (!skipping || installs.some(({ command }) => !hasFlag(command, '--ignore-scripts'))) continue
      const words = commands.flatMap(({ command }) => command.words.map(({ text }) => text)).join(' ')
      if (/\b(?:re)?build\b|node-gyp|prebuild-install|node-pre-gyp|install\.js/u.test(words)) continue
      for (const entry of waiting) {
        yield {
          file,
          range: skipping.command.range,
          package: nameAndVersion(entry),
          message: `${nameAndVersion(entry)} gets its binary from its install script, which --ignore-scripts skips`,
          hint: `add a step of the target platform: RUN npm rebuild ${entry.name}`,
        }
      }
    }
  },
})
