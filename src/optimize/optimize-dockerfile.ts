/**
 * Rewrites a Dockerfile so that nothing that is the same on every CPU runs under emulation, and the image stays the same file
 * by file. What cannot be shown to be safe from the file and the project's own files is left alone, and said.
 */
import { commandsOf, isScriptBuild } from '../forecast/index.ts'
import { type BuildView, buildView } from './build-view.ts'
import { crossStages, moveToCross } from './cross-stages.ts'
import { extractInstalls, extractions } from './extract-installs.ts'
import { keptReason } from './kept-reason.ts'
import { moveStages } from './move-stages.ts'
import { doubledStages, nativeClosure } from './native-stages.ts'
import { fetchablePackages, fetchPackages } from './native-packages.ts'
import { fetchableToolchains, fetchToolchains } from './native-toolchains.ts'
import type { OptimizeFacts } from './optimize-facts.ts'
import type { OptimizedDockerfile } from './optimized.ts'
import { whyNotPure } from './pure-output.ts'
import { Rewrite } from './rewrite.ts'
import { type ModulesSplit, modulesSplitOf, splitModules } from './split-modules.ts'

/** Pure, and never throws for what the text says. A text that is optimized already comes back as it is. */
export function optimizeDockerfile(text: string, facts: OptimizeFacts): OptimizedDockerfile {
  const view = buildView(text, facts)
  const problem = view.dockerfile.problems[0] ?? view.graphs.flatMap(({ problems }) => problems)[0]
  if (problem) {
    const source = view.dockerfile.lines.source(facts.file ?? 'Dockerfile', problem.range)
    return { text, changes: [], kept: [{ source, why: `nothing is rewritten: ${problem.message}` }] }
  }
  const rewrite = new Rewrite(view)
  const { outputs, splits } = pureOutputs(rewrite)
  const native = closureOf(view, outputs)
  const crossed = crossStages(rewrite, native)
  const extracted = extractions(rewrite, native, crossed)
  const fetched = fetchablePackages(rewrite)
  const toolchains = fetchableToolchains(rewrite, new Set([...native, ...crossed.keys()]))
  for (const index of [
    ...crossed.keys(),
    ...[...extracted, ...fetched, ...toolchains, ...splits].map((each) => each.index),
  ]) {
    const { base } = view.stage(index)
    if (base.kind === 'stage') addNative(view, native, base.index)
  }
  const doubled = doubledStages(view, native, outputs, new Set(crossed.keys()))
  moveStages(rewrite, native, doubled)
  moveToCross(rewrite, crossed)
  extractInstalls(rewrite, extracted)
  splitModules(rewrite, splits)
  fetchPackages(rewrite, fetched)
  fetchToolchains(rewrite, toolchains)
  keepTheRest(rewrite)
  return { text: rewrite.text.toString(), changes: rewrite.changes, kept: rewrite.kept }
}

/** Stages of the image's platform whose output is the same on every CPU, and that can run natively. */
function pureOutputs(rewrite: Rewrite): { outputs: Set<number>; splits: ModulesSplit[] } {
  const { view } = rewrite
  const outputs = new Set<number>()
  const splits: ModulesSplit[] = []
  for (const index of view.needed) {
    if (!view.isTarget(index) || view.inImage.has(index)) continue
    const split = modulesSplitOf(rewrite, index)
    const closure = nativeClosure(view, index)
    const why = whyNotPure(view, index, split?.copies) ?? ('why' in closure ? closure.why : undefined)
    if (why !== undefined) keepRuns(rewrite, index, why)
    else {
      outputs.add(index)
      if (split) splits.push(split)
    }
  }
  return { outputs, splits }
}

function closureOf(view: BuildView, outputs: ReadonlySet<number>): Set<number> {
  const native = new Set<number>()
  for (const index of outputs) addNative(view, native, index)
  return native
}

function addNative(view: BuildView, native: Set<number>, index: number): void {
  const closure = nativeClosure(view, index)
  if ('why' in closure) return
  for (const each of closure) native.add(each)
}

/** A build that stays has a reason of its own. */
function keepRuns(rewrite: Rewrite, index: number, why: string): void {
  for (const { command, step } of commandsOf(rewrite.view.stage(index))) {
    if (isScriptBuild(command)) rewrite.keep(step.instruction, why)
  }
}

/** Every step that is left on the image's platform gets a reason. */
function keepTheRest(rewrite: Rewrite): void {
  const { view } = rewrite
  for (const index of view.needed) {
    const stage = view.stage(index)
    if (stage.runsOn !== 'target') continue
    for (const { instruction, onbuild } of stage.steps) {
      if (instruction.keyword === 'RUN' && !onbuild && !rewrite.isDone(instruction)) {
        rewrite.keep(instruction, keptReason(view, stage, instruction))
      }
    }
  }
}
