/** What we say a build of a case yields: its labels, or that it fails. */
import { expandIn, parseDockerfile, type ResolvedStage, resolveStages, type StageGraph } from '../index.ts'
import type { BuildCase } from './build-cases.ts'

export function builtLabels(build: BuildCase, architecture: string): Record<string, string> | 'fails' {
  const dockerfile = parseDockerfile(build.dockerfile)
  if (dockerfile.problems.length > 0) return 'fails'
  const graph = resolveStages(dockerfile, {
    target: { os: 'linux', architecture },
    build: { os: 'linux', architecture: 'amd64' },
    baseEnvironment: (_, platform) => ({ FLAVOR: platform.split('/')[1] ?? '' }),
    ...(build.buildArgs ? { buildArgs: build.buildArgs } : {}),
    ...(build.target ? { targetStage: build.target } : {}),
  })
  return labelsOf(graph, dockerfile.escape)
}

function labelsOf(graph: StageGraph, escape: '\\' | '`'): Record<string, string> | 'fails' {
  const { target } = graph
  if (!target || graph.problems.length > 0) return 'fails'
  try {
    return stageLabels(target, graph, escape)
  } catch {
    return 'fails'
  }
}

function stageLabels(stage: ResolvedStage, graph: StageGraph, escape: '\\' | '`'): Record<string, string> {
  const parent = stage.base.kind === 'stage' ? graph.stages[stage.base.index] : undefined
  const labels = parent ? stageLabels(parent, graph, escape) : {}
  for (const { instruction, scope } of stage.steps) {
    if (instruction.keyword !== 'LABEL') continue
    for (const { name, value } of instruction.pairs) {
      labels[expandIn(scope, name.text, escape).value] = expandIn(scope, value?.text ?? '', escape).value
    }
  }
  return labels
}
