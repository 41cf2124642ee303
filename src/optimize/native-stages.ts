/** Which stages have to exist on the builder's own platform, and whether they move there or are doubled. */
import type { Instruction } from '../dockerfile/index.ts'
import { describeStage } from '../forecast/index.ts'
import type { BuildView } from './build-view.ts'

/** What a stage that has to run natively needs natively as well; or why it cannot run there. */
export function nativeClosure(view: BuildView, index: number): Set<number> | { why: string } {
  const closure = new Set<number>()
  const waiting = [index]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const stage = view.stage(next)
    if (stage.runsOn !== 'target' || closure.has(next)) continue
    const why = whyNotNative(view, next)
    if (why) return { why }
    closure.add(next)
    waiting.push(...neededBy(view, next))
  }
  return closure
}

/** The stages that a stage continues or takes files from. */
function neededBy(view: BuildView, index: number): number[] {
  const { base } = view.stage(index)
  const sources = view.uses.filter(({ to }) => to === index).map(({ from }) => from)
  return base.kind === 'stage' ? [base.index, ...sources] : sources
}

function whyNotNative(view: BuildView, index: number): string | undefined {
  const stage = view.stage(index)
  const name = describeStage(stage)
  if (!view.isTarget(index)) return `${name} is chosen by the platform`
  const { from, instructions } = stage.stage
  if (stage.base.kind === 'stage' && from.image.text.includes('$'))
    return `${name} continues a stage that a variable names`
  if (from.platform) return `${name} names its platform`
  if (instructions.some(mentionsTarget)) return `${name} uses an argument of the image's platform`
  return undefined
}

/** A step that asks for the image's platform makes something for it. */
function mentionsTarget(instruction: Instruction): boolean {
  const text = instruction.body.text + instruction.heredocs.map(({ content }) => content).join('\n')
  const flags = instruction.flags.map(({ value = '' }) => value).join(' ')
  return /\bTARGET(?:PLATFORM|OS|ARCH|VARIANT)\b/u.test(`${text} ${flags}`)
}

/**
 * Of the stages that are needed natively, those that something else still needs on the image's platform: they are doubled, the
 * others move. `crossed` are stages that become native in another way.
 */
export function doubledStages(
  view: BuildView,
  native: ReadonlySet<number>,
  outputs: ReadonlySet<number>,
  crossed: ReadonlySet<number>,
): Set<number> {
  const doubled = new Set([...native].filter((index) => view.inImage.has(index) || crossed.has(index)))
  const staysBehind = (index: number) =>
    (!native.has(index) && !crossed.has(index)) || (doubled.has(index) && !crossed.has(index))
  for (let before = -1; before !== doubled.size; ) {
    before = doubled.size
    for (const index of native) {
      const users = view.children(index)
      // What is copied from a stage with pure output is the same wherever it was made.
      if (!outputs.has(index))
        users.push(...view.uses.filter(({ from }) => from === index).map(({ to }) => to))
      if (users.some(staysBehind)) doubled.add(index)
    }
  }
  return doubled
}
