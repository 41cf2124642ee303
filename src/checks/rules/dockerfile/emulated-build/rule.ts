import type { ResolvedStage, ShellCommand, StageGraph } from '../../../../dockerfile/index.ts'
import { type CheckedDockerfile, type CheckedProject, nearest } from '../../../checked-project.ts'
import { insert } from '../../../edits.ts'
import { contextOf } from '../../../facts/build-context.ts'
import { isEmulated } from '../../../facts/emulation.ts'
import {
  commandsOf,
  describeStage,
  isChosenByPlatform,
  isScriptBuild,
  isScriptOutput,
  neededStages,
  stageCopies,
} from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { folderOf, type ProjectFile } from '../../../project-file.ts'
import { defineRule, type Fix } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/emulated-build',
  severity: 'warning',
  summary: 'JavaScript is built under emulation, although the result is the same for every platform.',
  *check(project) {
    for (const checked of soundDockerfiles(project)) {
      if (!isEmulated(checked)) continue
      const { file, graph } = checked
      for (const stage of neededStages(graph)) {
        if (stage.runsOn !== 'target' || isChosenByPlatform(checked.dockerfile, stage)) continue
        const build = commandsOf(stage).find(({ command }) => isScriptBuild(command))
        if (!build) continue
        const fix = makesPrograms(project, checked, build.command) ? undefined : fixFor(file, graph, stage)
        yield {
          file,
          range: build.command.range,
          message: `${describeStage(stage)} runs this once for each platform, 5 to 15 times slower where it is emulated`,
          ...(fix
            ? { fix }
            : {
                hint: 'build in a stage FROM --platform=$BUILDPLATFORM and copy only its output into the image',
              }),
        }
      }
    }
  },
})

/** The flag is safe when nothing but build output leaves the stage. */
function fixFor(file: ProjectFile, graph: StageGraph, stage: ResolvedStage): Fix | undefined {
  const { from } = stage.stage
  const isContinued = graph.stages.some(
    ({ base }) => base.kind === 'stage' && base.index === stage.stage.index,
  )
  if (stage === graph.target || stage.base.kind !== 'image' || isContinued || from.platform) return undefined
  const copies = stageCopies(graph).filter((copy) => copy.from === stage)
  const mounted = neededStages(graph).some(({ steps }) =>
    steps.some(
      ({ instruction, sources }) =>
        instruction.keyword === 'RUN' &&
        sources.some((source) => source.kind === 'stage' && source.index === stage.stage.index),
    ),
  )
  const onlyOutput = copies.every(
    ({ step }) =>
      step.instruction.keyword === 'COPY' &&
      step.instruction.sources.every(({ text }) => isScriptOutput(text)),
  )
  if (copies.length === 0 || mounted || !onlyOutput) return undefined
  return {
    title: 'build it on the builder’s own platform',
    automatic: true,
    edits: [insert(file, from.image.range.start, '--platform=$BUILDPLATFORM ')],
  }
}

/** A build script may also compile addons or pack the runtime itself: that output is not the same for every platform. */
function makesPrograms(
  project: CheckedProject,
  checked: CheckedDockerfile,
  { words }: ShellCommand,
): boolean {
  const manifest = nearest(project.packages, contextOf(project, checked) ?? folderOf(checked.file.path))
  const scripts = [...(manifest?.scripts ?? [])]
    .filter(([name]) => name.startsWith('build'))
    .map(([, text]) => text)
  return /--compile|\b(?:pkg|nexe|node-gyp|napi|cargo|cmake|prebuildify|electron-builder|go build)\b/u.test(
    [...scripts, ...words.map(({ text }) => text)].join(' '),
  )
}
