/** Why a step stays on the image's platform, where nothing more particular was found. */
import { type ResolvedStage, runCommands, type RunInstruction } from '../dockerfile/index.ts'
import { describeStage, systemPackagesOf } from '../forecast/index.ts'
import type { BuildView } from './build-view.ts'
import { simplePackages } from './native-packages.ts'
import { toolchainStep } from './native-toolchains.ts'
import { textOf } from './install-step.ts'

export function keptReason(view: BuildView, stage: ResolvedStage, run: RunInstruction): string {
  const { index } = stage.stage
  if (!view.isTarget(index)) return `${describeStage(stage)} is chosen by the platform`
  const commands = runCommands(run)
  const packages = commands.flatMap(systemPackagesOf)
  if (packages.length > 0) {
    const isSimple =
      packages.every((name) => simplePackages.has(name)) &&
      !commands.some(({ words }) => words[0]?.text === 'apk')
    const fetchable = isSimple || toolchainStep(view, index)?.run === run
    const hint = view.facts.level === 'packages' || !fetchable ? '' : '; --level packages fetches it natively'
    return `${packages.join(', ')}: the distribution's package manager changes more of the image than can be foreseen${hint}`
  }
  const [first] = commands
  const where = view.inImage.has(index)
    ? 'it makes a part of the image itself'
    : `what it makes for ${describeStage(stage)} is not known`
  return first ? `${where} (${textOf(first).slice(0, 60)})` : where
}
