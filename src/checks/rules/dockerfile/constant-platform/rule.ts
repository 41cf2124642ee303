import type { ResolvedStage, StageGraph } from '../../../../dockerfile/index.ts'
import { removeWord } from '../../../edits.ts'
import {
  describeStage,
  isChosenByPlatform,
  isScriptOutput,
  lineageOf,
  neededStages,
  stageCopies,
} from '../../../../forecast/index.ts'
import { soundDockerfiles } from '../../../facts/sound-dockerfiles.ts'
import { defineRule } from '../../../rule.ts'

export default defineRule({
  id: 'dockerfile/constant-platform',
  severity: 'error',
  summary: 'FROM names one platform, so the image for every other platform holds the wrong programs.',
  *check(project) {
    for (const checked of soundDockerfiles(project)) {
      const { file, graph } = checked
      for (const stage of neededStages(graph)) {
        const flag = stage.stage.from.platform
        if (!flag || stage.runsOn !== 'constant' || stage.base.kind === 'stage') continue
        // A variable may be given another value; a stage for one architecture is meant so.
        if (flag.value?.includes('$') || isChosenByPlatform(checked.dockerfile, stage)) continue
        const isImage = graph.target !== undefined && lineageOf(graph, graph.target).includes(stage)
        if (!isImage && givesOnlyOutput(graph, stage)) continue
        yield {
          file,
          range: flag.range,
          message: `${describeStage(stage)} is ${stage.platform} in every image, whatever platform is asked for`,
          hint: isImage
            ? 'the other platforms get an image that says one architecture and holds another: exec format error'
            : 'use $BUILDPLATFORM when its output does not depend on the CPU, no flag when it does',
          fix: {
            title: 'drop the flag: the platform asked for is the default',
            automatic: isImage,
            edits: [removeWord(file, flag.range)],
          },
        }
      }
    }
  },
})

/** What a bundler or compiler of JavaScript wrote is the same wherever it was written. */
function givesOnlyOutput(graph: StageGraph, stage: ResolvedStage): boolean {
  const own = new Set(graph.stages.filter((other) => lineageOf(graph, other).includes(stage)))
  return stageCopies(graph)
    .filter(({ from, to }) => own.has(from) && !own.has(to))
    .every(
      ({ step: { instruction } }) =>
        instruction.keyword === 'COPY' && instruction.sources.every(({ text }) => isScriptOutput(text)),
    )
}
