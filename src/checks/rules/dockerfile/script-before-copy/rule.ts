import type { CopyInstruction } from '../../../../dockerfile/index.ts'
import { type CheckedProject, nearest } from '../../../checked-project.ts'
import {
  absolute,
  commandsOf,
  hasFlag,
  installOf,
  lineageOf,
  neededStages,
} from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import type { PackageManifest } from '../../../package-manifest.ts'
import { folderOf } from '../../../project-file.ts'
import { defineRule } from '../../../rule.ts'

const lifecycle = ['preinstall', 'install', 'postinstall', 'prepare']

export default defineRule({
  id: 'dockerfile/script-before-copy',
  severity: 'error',
  summary: 'The project’s own install script needs a file that is not copied before the install.',
  *check(project) {
    for (const { file, graph, builds } of soundDockerfiles(project)) {
      const manifest = manifestOf(project, builds[0]?.context ?? folderOf(file.path))
      if (!manifest) continue
      for (const stage of neededStages(graph)) {
        for (const { command, step } of commandsOf(stage)) {
          if (!installOf(command) || hasFlag(command, '--ignore-scripts')) continue
          const before = lineageOf(graph, stage).flatMap(({ steps }) => steps)
          const copies = before
            .slice(0, before.indexOf(step))
            .flatMap(({ instruction }) =>
              instruction.keyword === 'COPY' || instruction.keyword === 'ADD' ? [instruction] : [],
            )
          // The sources may come mounted, or in a way that we do not follow.
          if (copies.length === 0 || copies.some(({ from }) => from)) continue
          if (
            step.instruction.keyword === 'RUN' &&
            step.instruction.mounts.some(({ type }) => type === 'bind')
          )
            continue
          for (const [script, path] of scriptFiles(manifest)) {
            if (script === 'prepare' && hasFlag(command, '--omit', '--production', '--prod')) continue
            if (copies.some((copy) => brings(copy, path))) continue
            yield {
              file,
              range: command.range,
              message: `${script} runs ${path}, which is not copied before this step`,
              hint: `copy ${path} first, or install with --ignore-scripts`,
            }
          }
        }
      }
    }
  },
})

function manifestOf(project: CheckedProject, context: string): PackageManifest | undefined {
  const manifest = nearest(project.packages, context)
  return manifest && folderOf(manifest.file.path) === context ? manifest : undefined
}

/** The files of the project that its install scripts start. */
function scriptFiles(manifest: PackageManifest): [script: string, path: string][] {
  return lifecycle.flatMap((script) => {
    const text = manifest.scripts.get(script) ?? ''
    const match =
      /(?:^|&&\s*|;\s*)(?:(?:node|sh|bash|tsx|ts-node)\s+)(?!-)((?:\.\/)?[\w.-]+(?:\/[\w.-]+)*\.(?:[cm]?js|ts|sh))\b/u.exec(
        text,
      )
    return match && !text.includes('||')
      ? [[script, absolute('/', match[1] as string).slice(1)] as [string, string]]
      : []
  })
}

/** Whether a COPY brings a file of the context: it names it, a folder above it, or a pattern that we take to match. */
function brings(copy: CopyInstruction, path: string): boolean {
  return copy.sources.some(({ text }) => {
    if (/[$]/u.test(text)) return true
    const source = absolute('/', text).slice(1)
    if (source === '' || source === path || path.startsWith(`${source}/`)) return true
    const pattern = source
      .replaceAll(/[.+^|()[\]{}]/gu, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')
    return /[*?[]/u.test(source) && new RegExp(`^${pattern}(?:/|$)`, 'u').test(path)
  })
}
