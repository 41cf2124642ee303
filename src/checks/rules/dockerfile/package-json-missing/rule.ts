import { runCommands } from '../../../../dockerfile/index.ts'
import { type CheckedProject, nearest } from '../../../checked-project.ts'
import { contextOf } from '../../../facts/build-context.ts'
import { lineageOf } from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { folderOf } from '../../../project-file.ts'
import { defineRule } from '../../../rule.ts'

/** What surely holds no package.json of the project. */
const withoutManifest =
  /(?:^|\/)(?:dist|build|out|lib|public|static|assets|views|node_modules|prisma|[\w.-]+\.(?:js|mjs|cjs|map|html|prisma|sh|env))\/?$/u

export default defineRule({
  id: 'dockerfile/package-json-missing',
  severity: 'error',
  summary: 'The image lacks package.json, and without it the program’s ES modules are read as CommonJS.',
  *check(project) {
    for (const checked of soundDockerfiles(project)) {
      const { file, graph } = checked
      const context = contextOf(project, checked)
      if (!graph.target || context === undefined || !isModuleProject(project, context)) continue
      const steps = lineageOf(graph, graph.target).flatMap((stage) => stage.steps)
      const copies = steps.flatMap(({ instruction }) =>
        instruction.keyword === 'COPY' || instruction.keyword === 'ADD' ? [instruction] : [],
      )
      const safe =
        copies.length > 0 &&
        copies.every(
          ({ sources, heredocs }) =>
            heredocs.length === 0 && sources.every(({ text }) => withoutManifest.test(text)),
        )
      // A step may write or mount it.
      if (
        !safe ||
        steps.some(
          ({ instruction }) =>
            instruction.keyword === 'RUN' && /package|npm|pnpm|yarn|bun/u.test(instruction.body.text),
        )
      )
        continue
      const start = steps.findLast(
        ({ instruction }) => instruction.keyword === 'CMD' || instruction.keyword === 'ENTRYPOINT',
      )?.instruction
      if (start?.keyword !== 'CMD' && start?.keyword !== 'ENTRYPOINT') continue
      const script = runCommands(start)
        .flatMap(({ words }) => words)
        .find(({ text }) => text.endsWith('.js'))
      if (!script) continue
      yield {
        file,
        range: start.range,
        message: `package.json says "type": "module" and is not in the image: node reads ${script.text} as CommonJS`,
        hint: 'COPY package.json ./ in the final stage',
      }
    }
  },
})

function isModuleProject(project: CheckedProject, context: string): boolean {
  const manifest = nearest(project.packages, context)
  return manifest?.type === 'module' && folderOf(manifest.file.path) === context
}
