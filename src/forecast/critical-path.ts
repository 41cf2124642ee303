/** BuildKit runs what does not wait for one another side by side: what a build takes is its longest chain. */
import type { Instruction, StageGraph } from '../dockerfile/index.ts'
import type { StepForecast } from './forecast.ts'

interface Chain {
  readonly emulated: readonly StepForecast[]
  readonly seconds: number
}

const nothing: Chain = { emulated: [], seconds: 0 }

/** The longest chain of emulated RUN steps up to the image, and the seconds of the longest chain of all steps. */
export function longestChains(graph: StageGraph, steps: ReadonlyMap<Instruction, StepForecast>): Chain {
  const known = new Map<number, Chain>()
  const endOf = (index: number): Chain => {
    const stage = graph.stages[index]
    const ready = known.get(index)
    if (ready || !stage) return ready ?? nothing
    let chain = stage.base.kind === 'stage' ? endOf(stage.base.index) : nothing
    for (const { instruction, sources } of stage.steps) {
      for (const source of sources) if (source.kind === 'stage') chain = longer(chain, endOf(source.index))
      const step = steps.get(instruction)
      if (!step) continue
      chain = {
        emulated: step.emulated ? [...chain.emulated, step] : chain.emulated,
        seconds: chain.seconds + step.estimatedSeconds,
      }
    }
    known.set(index, chain)
    return chain
  }
  return graph.target ? endOf(graph.target.stage.index) : nothing
}

function longer(a: Chain, b: Chain): Chain {
  return {
    emulated: b.emulated.length > a.emulated.length ? b.emulated : a.emulated,
    seconds: Math.max(a.seconds, b.seconds),
  }
}
