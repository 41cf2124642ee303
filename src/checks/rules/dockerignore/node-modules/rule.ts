import type { CopyInstruction, ResolvedStage, Step } from '../../../../dockerfile/index.ts'
import type { CheckedProject } from '../../../checked-project.ts'
import { lineEndOf } from '../../../edits.ts'
import { contextOf, ignoreFileOf, isIgnored, nameOf } from '../../../facts/build-context.ts'
import {
  absolute,
  commandsOf,
  executedCommands,
  installOf,
  nativePackages,
  neededStages,
} from '../../../../forecast/index.ts'
import { lockFor } from '../../../facts/lock-for.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { folderOf, type ProjectFile } from '../../../project-file.ts'
import { defineRule, type Fix } from '../../../rule.ts'

export default defineRule({
  id: 'dockerignore/node-modules',
  severity: 'error',
  summary: 'COPY brings the node_modules of the machine that builds into the image.',
  *check(project) {
    for (const checked of soundDockerfiles(project)) {
      const { file, graph } = checked
      const installs = executedCommands(graph).some(({ command }) => installOf(command))
      const lock = lockFor(project, file)
      // Without an install the copied packages are the only ones: that is wrong only where they hold binaries.
      if (!installs && !(lock && nativePackages(lock.entries).length > 0)) continue
      const context = contextOf(project, checked)
      if (context === undefined) continue
      const ignore = ignoreFileOf(project, checked, context)
      const open = nodeModulesOf(project, context).filter((path) => !isIgnored(ignore.file, `${path}/x.js`))
      for (const stage of neededStages(graph)) {
        for (const step of stage.steps) {
          const { instruction } = step
          if (instruction.keyword !== 'COPY' || instruction.from || step.onbuild) continue
          const brought = open.find((path) => brings(instruction, path))
          if (brought === undefined || isReplaced(stage, step, brought)) continue
          yield {
            file,
            range: instruction.range,
            message: `${ignore.file ? `${nameOf(ignore)} does not keep ${brought} out` : `there is no ${ignore.path}`}: this copies the binaries of your own machine over those of the image`,
            fix: fixFor(ignore, installs),
          }
        }
      }
    }
  },
})

/** Where an install on the developer's machine would put packages, relative to the context. */
function nodeModulesOf(project: CheckedProject, context: string): string[] {
  const prefix = context === '' ? '' : `${context}/`
  const folders = project.packages
    .map(({ file }) => folderOf(file.path))
    .filter((folder) => folder === context || folder.startsWith(prefix))
  const relative = new Set(['', ...folders.map((folder) => folder.slice(prefix.length).replace(/^\/+/u, ''))])
  return [...relative].sort().map((folder) => (folder === '' ? 'node_modules' : `${folder}/node_modules`))
}

/** Whether a COPY of the context brings a folder: it names the folder itself or one above it. */
function brings(copy: CopyInstruction, path: string): boolean {
  return copy.sources.some(({ text }) => {
    if (text.includes('$') || text.includes('*')) return false
    const source = absolute('/', text).slice(1)
    return source === '' || path === source || path.startsWith(`${source}/`)
  })
}

/** `npm ci` removes node_modules before it installs: what was copied before it does no harm. */
function isReplaced(stage: ResolvedStage, copy: Step, path: string): boolean {
  const after = stage.steps.slice(stage.steps.indexOf(copy))
  return (
    path === 'node_modules' &&
    commandsOf(stage).some(
      ({ step, command }) =>
        after.includes(step) && installOf(command)?.manager === 'npm' && installOf(command)?.frozen === true,
    )
  )
}

function fixFor({ path, file }: { path: string; file: ProjectFile | undefined }, installs: boolean): Fix {
  const text = file?.text ?? ''
  const end = file ? lineEndOf(file) : '\n'
  const separator = text === '' || text.endsWith('\n') ? '' : end
  const edit = { file: path, start: text.length, end: text.length, text: `${separator}**/node_modules${end}` }
  // Exceptions that speak of it were written with something in mind.
  return {
    title: `add **/node_modules to ${path}`,
    automatic: installs && !/^!.*node_modules/mu.test(text),
    edits: [edit],
  }
}
