/** Stages that only install dependencies: they become native ones that install for the image's platform. */
import { type Instruction, runCommands, type Step } from '../dockerfile/index.ts'
import { absolute, describeStage, installOf, type Libc, workingFolder } from '../forecast/index.ts'
import type { BuildView } from './build-view.ts'
import { crossEdits } from './cross-install.ts'
import { type InstallStep, installStepOf, isBlanketRebuild, isCleanup, isSetup } from './install-step.ts'
import { nativeEdits } from './move-stages.ts'
import { nativeClosure } from './native-stages.ts'
import { crossTarget } from './package-manager.ts'
import type { Rewrite } from './rewrite.ts'
import { scriptsToRun } from './script-policy.ts'

export interface CrossStage {
  readonly install: InstallStep
  readonly libc: Libc
  /** steps that do nothing but rebuild every package, which no package needs */
  readonly rebuilds: readonly Instruction[]
}

/** The stages that can become native installs. The others' reasons are noted at their install. */
export function crossStages(rewrite: Rewrite, native: ReadonlySet<number>): Map<number, CrossStage> {
  const { view } = rewrite
  const found = new Map<number, CrossStage>()
  for (const index of view.needed) {
    if (!view.isTarget(index) || view.inImage.has(index) || !hasTargetUsers(rewrite, index, native)) continue
    const cross = crossStageOf(rewrite, index, native)
    if (cross && 'install' in cross) found.set(index, cross)
  }
  return found
}

function hasTargetUsers({ view }: Rewrite, index: number, native: ReadonlySet<number>): boolean {
  const users = [
    ...view.children(index),
    ...view.uses.filter(({ from }) => from === index).map(({ to }) => to),
  ]
  return users.some((user) => !native.has(user))
}

function crossStageOf(
  rewrite: Rewrite,
  index: number,
  native: ReadonlySet<number>,
): CrossStage | { why: string } | undefined {
  const { view } = rewrite
  const stage = view.stage(index)
  const installs = stage.steps.flatMap((step) => {
    const install = installStepOf(step)
    return install === undefined ? [] : [{ step, install }]
  })
  const [found] = installs
  if (!found) return undefined
  const refuse = (why: string) => {
    rewrite.keep(found.step.instruction, why)
    return { why }
  }
  if (installs.length > 1) return refuse(`${describeStage(stage)} installs more than once`)
  const { install } = found
  if (typeof install === 'string') return refuse(install)
  if (view.children(index).some((child) => !native.has(child))) return { why: 'another stage continues it' }
  if (view.uses.some(({ to }) => to === index)) return { why: 'it takes files from other stages' }
  if (stage.steps.some(({ instruction }) => isUnknown(instruction)))
    return { why: 'it does more than install' }
  if (copiedOutside(view, index, install.step)) return { why: 'more than what it installs is taken from it' }
  const closure = nativeClosure(view, index)
  if ('why' in closure) return refuse(closure.why)
  const target = crossTarget(install.manager, view.graphOf(index), stage, view.facts.project)
  if ('why' in target) return refuse(target.why)
  const rebuilds = stage.steps.map(({ instruction }) => instruction).filter(isOnlyRebuild)
  const scripts = scriptsToRun(view, install, rebuilds.length > 0 || install.blanketRebuilds.length > 0)
  if ('why' in scripts) return refuse(scripts.why)
  if (scripts.names.length > 0) return { why: 'install scripts have to run on the image’s platform' }
  return { install, libc: target.libc, rebuilds }
}

/** A step of which we do not know that its result is the same everywhere. */
function isUnknown(instruction: Instruction): boolean {
  if (instruction.keyword === 'ADD') return true
  if (instruction.keyword !== 'RUN') return false
  return runCommands(instruction).some(
    (command) =>
      !isInstall(command) && !isBlanketRebuild(command) && !isCleanup(command) && !isSetup(command),
  )
}

function isInstall(command: Parameters<typeof isSetup>[0]): boolean {
  return installOf(command) !== undefined
}

/** A step that does nothing but rebuild every package. */
export function isOnlyRebuild(instruction: Instruction): boolean {
  if (instruction.keyword !== 'RUN') return false
  const commands = runCommands(instruction)
  return commands.length > 0 && commands.every(isBlanketRebuild)
}

/** What lies outside of the project's folder, the one of a step or of the stage's end, belongs to the base image of another platform. */
export function copiedOutside(view: BuildView, index: number, at?: Step): boolean {
  const folder = workingFolder(view.graphOf(index), view.stage(index), at)
  return view.uses
    .filter(({ from }) => from === index)
    .some(
      ({ step: { instruction } }) =>
        instruction.keyword !== 'COPY' ||
        instruction.sources.some(({ text }) => {
          const path = absolute('/', text)
          return folder === '/' || text.includes('$') || !(path === folder || path.startsWith(`${folder}/`))
        }),
    )
}

/** Writes them, after the stages that they continue were written. */
export function moveToCross(rewrite: Rewrite, stages: ReadonlyMap<number, CrossStage>): void {
  const { view, text } = rewrite
  for (const [index, { install, libc, rebuilds }] of stages) {
    const stage = view.stage(index)
    const { run } = install
    const options = {
      libc,
      platforms: view.platforms,
      escape: view.dockerfile.escape,
      lineEnd: text.lineEnd,
      asRoot: rewrite.runsAsRoot(stage, run),
    }
    if (!install.step.scope.has('TARGETARCH')) text.insertLineBefore(run, 'ARG TARGETARCH')
    text.edit(...nativeEdits(rewrite, index), ...crossEdits(install, options), ...rebuildRemovals(install))
    rewrite.changed(run, {
      rule: 'cross-install',
      what: 'installs for the image’s platform on the builder’s own',
      why: 'the lockfile decides what is installed, and no install script has to run: the same files, byte for byte',
    })
    for (const rebuild of rebuilds) {
      text.removeLines(rebuild)
      rewrite.changed(rebuild, {
        rule: 'scoped-rebuild',
        what: 'not needed',
        why: 'no package of the lockfile has an install script that changes anything',
      })
    }
    for (const { instruction } of stage.steps) if (instruction.keyword === 'RUN') rewrite.covered(instruction)
  }
}

/** Takes the blanket rebuilds out of the step that installs. */
export function rebuildRemovals({ commands, blanketRebuilds }: InstallStep) {
  return blanketRebuilds.flatMap((rebuild) => {
    const before = commands[commands.indexOf(rebuild) - 1]
    return before ? [{ start: before.range.end, end: rebuild.range.end, text: '' }] : []
  })
}
