/**
 * Build stages from which the image takes node_modules as well as the build's output: node_modules comes from a native install
 * for the image's platform instead, and the stage makes pure output only.
 */
import { runCommands, type ShellCommand } from '../dockerfile/index.ts'
import { absolute, type Libc, workingFolder } from '../forecast/index.ts'
import type { BuildView, Use } from './build-view.ts'
import { modulesStage, whyNotExtracted } from './extract-installs.ts'
import { type InstallStep, installStepOf } from './install-step.ts'
import { crossTarget } from './package-manager.ts'
import type { Rewrite } from './rewrite.ts'
import { scriptsToRun } from './script-policy.ts'

export interface ModulesSplit {
  readonly index: number
  readonly install: InstallStep
  readonly libc: Libc
  /** development dependencies are taken out after the build */
  readonly pruned: boolean
  /** the copies of node_modules */
  readonly copies: readonly Use[]
}

/** Programs of build scripts that write nothing into node_modules, as bundlers with a cache do. */
const plainBuilders =
  /^(?:tsc|tsc-alias|tsup|tsdown|esbuild|swc|nest|rollup|rimraf|rm|cp|mkdir|copyfiles|cpx|node)$/u

export function modulesSplitOf(rewrite: Rewrite, index: number): ModulesSplit | undefined {
  const { view } = rewrite
  const stage = view.stage(index)
  const graph = view.graphOf(index)
  const installs = stage.steps.map(installStepOf).filter((install) => install !== undefined)
  const [install] = installs
  if (
    installs.length !== 1 ||
    install === undefined ||
    typeof install === 'string' ||
    install.manager !== 'npm'
  )
    return undefined
  const modules = `${workingFolder(graph, stage, install.step)}/node_modules`
  const copies = view.uses.filter((use) => use.from === index && copiesOnly(use, modules))
  if (copies.length === 0 || !buildsPlainly(view) || !rewrite.runsAsRoot(stage, install.run)) return undefined
  if (whyNotExtracted(rewrite, index, install)) return undefined
  const pruned = stage.steps.some(
    ({ instruction }) => instruction.keyword === 'RUN' && runCommands(instruction).some(isPrune),
  )
  const leftOut = { ...install, production: pruned || install.production }
  const scripts = scriptsToRun(view, leftOut, install.blanketRebuilds.length > 0)
  if ('why' in scripts || scripts.names.length > 0) return undefined
  const target = crossTarget('npm', graph, stage, view.facts.project)
  return 'why' in target ? undefined : { index, install, libc: target.libc, pruned, copies }
}

function copiesOnly({ step: { instruction } }: Use, modules: string): boolean {
  const [source, ...others] = instruction.keyword === 'COPY' ? instruction.sources : []
  return source !== undefined && others.length === 0 && absolute('/', source.text) === modules
}

function isPrune({ words }: ShellCommand): boolean {
  const text = words.map((word) => word.text).join(' ')
  return /^npm prune (?:--omit=dev|--omit dev|--production|--prod)$/u.test(text)
}

function buildsPlainly({ facts: { project } }: BuildView): boolean {
  const scripts = Object.entries(project.scripts ?? {}).filter(([name]) => /build|compile|bundle/u.test(name))
  return scripts.every(([, script]) =>
    script.split(/&&|;/u).every((command) => {
      const [program = '', second = ''] = command.trim().split(/\s+/u)
      return program === 'npm' ? second === 'run' : plainBuilders.test(program)
    }),
  )
}

/** Writes the native installs, and takes the copies from them. */
export function splitModules(rewrite: Rewrite, splits: readonly ModulesSplit[]): void {
  const { view, text } = rewrite
  for (const { index, install, libc, pruned, copies } of splits) {
    const { stage } = view.stage(index)
    const name = text.newName(`${stage.name ?? `stage-${index}`}-modules`)
    const flags = pruned && !install.production ? ' --omit=dev' : ''
    text.insertBefore(stage, modulesStage(rewrite, { index, install, libc, name, flags }))
    for (const { step } of copies) {
      const { instruction } = step
      if (instruction.keyword === 'COPY' && instruction.from)
        text.edit({ ...instruction.from.valueRange, text: name })
    }
    rewrite.changed(install.run, {
      rule: 'cross-install',
      what: `the node_modules of the image is installed for its platform on the builder’s own (stage ${name})`,
      why: 'the lockfile decides what is installed, and the build changes nothing in node_modules: the same files, byte for byte',
    })
  }
}
