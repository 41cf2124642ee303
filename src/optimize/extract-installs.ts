/** Installs in stages that have to stay: a native stage makes node_modules, and the step becomes a COPY of it. */
import type { Instruction } from '../dockerfile/index.ts'
import { runCommands } from '../dockerfile/index.ts'
import { describeStage, type Libc, workingFolder } from '../forecast/index.ts'
import { crossEdits } from './cross-install.ts'
import type { CrossStage } from './cross-stages.ts'
import { isOnlyRebuild, rebuildRemovals } from './cross-stages.ts'
import { type InstallStep, installStepOf, isSetup } from './install-step.ts'
import { nativeFlag } from './move-stages.ts'
import { nativeClosure } from './native-stages.ts'
import { crossTarget } from './package-manager.ts'
import type { Rewrite } from './rewrite.ts'
import { scriptsToRun } from './script-policy.ts'
import { systemPackagesOf } from '../forecast/index.ts'

export interface Extraction {
  readonly index: number
  readonly install: InstallStep
  readonly libc: Libc
  readonly folder: string
  /** packages whose install scripts run on the image's platform */
  readonly rebuilt: readonly string[]
  /** later steps that rebuild every package */
  readonly rebuilds: readonly Instruction[]
  /** for COPY */
  readonly owner: string | undefined
}

/** The installs that can be taken out of their stages; the others' reasons are noted. */
export function extractions(
  rewrite: Rewrite,
  native: ReadonlySet<number>,
  crossed: ReadonlyMap<number, CrossStage>,
): Extraction[] {
  const { view } = rewrite
  return [...view.needed].flatMap((index) => {
    if (!view.isTarget(index) || crossed.has(index)) return []
    if (native.has(index) && !view.inImage.has(index)) return []
    return extractionOf(rewrite, index) ?? []
  })
}

function extractionOf(rewrite: Rewrite, index: number): Extraction | undefined {
  const { view } = rewrite
  const stage = view.stage(index)
  for (const step of stage.steps) {
    if (step.onbuild) continue
    const install = installStepOf(step)
    if (install === undefined) continue
    const refuse = (why: string): undefined => {
      rewrite.keep(step.instruction, why)
    }
    if (typeof install === 'string') return refuse(install)
    const why = whyNotExtracted(rewrite, index, install)
    if (why) return refuse(why)
    const target = crossTarget(install.manager, view.graphOf(index), stage, view.facts.project)
    if ('why' in target) return refuse(target.why)
    const rebuilds = stage.steps.map(({ instruction }) => instruction).filter(isOnlyRebuild)
    const scripts = scriptsToRun(view, install, rebuilds.length > 0 || install.blanketRebuilds.length > 0)
    if ('why' in scripts) return refuse(scripts.why)
    const user = rewrite.userAt(stage, install.run)
    const owner = ownerOf(user)
    if (owner === null) return refuse(`it runs as ${user ?? ''}, whose files a COPY may not make the same`)
    const folder = workingFolder(view.graphOf(index), stage, step)
    return { index, install, libc: target.libc, folder, rebuilt: scripts.names, rebuilds, owner }
  }
  return undefined
}

export function whyNotExtracted(rewrite: Rewrite, index: number, install: InstallStep): string | undefined {
  const { view } = rewrite
  const { project } = view.facts
  const stage = view.stage(index)
  if (install.manager === 'yarn') return 'Yarn keeps records of the install beside node_modules'
  if (install.others.length > 0) return 'the step does more than install'
  if (project.workspaces) return 'the project has workspaces: node_modules stands in several folders'
  const packages = project.packages?.filter((entry) => !(install.production && entry.dev))
  if (packages?.length === 0) return 'it installs nothing'
  if (stage.base.kind === 'stage') {
    const closure = nativeClosure(view, stage.base.index)
    if ('why' in closure) return closure.why
  }
  if (stage.stage.from.platform) return `${describeStage(stage)} names its platform`
  if (workingFolder(view.graphOf(index), stage, install.step).includes('$'))
    return 'its folder depends on a variable'
  return whyNotPrepared(rewrite, index, install)
}

/** What comes before the install has to be repeated natively. */
function whyNotPrepared({ view }: Rewrite, index: number, install: InstallStep): string | undefined {
  const { project } = view.facts
  for (const { instruction } of before(
    view.stage(index).steps.map((step) => step.instruction),
    install.run,
  )) {
    if (instruction.keyword === 'ADD' || (instruction.keyword === 'COPY' && instruction.from))
      return 'files of other places are copied before it'
    if (
      instruction.keyword === 'COPY' &&
      instruction.sources.some(({ text }) => bringsModules(text)) &&
      !project.ignoresModules
    )
      return 'the COPY before it may bring node_modules of this machine: .dockerignore does not keep them out'
    if (instruction.keyword !== 'RUN') continue
    const commands = runCommands(instruction)
    if (!commands.every((command) => isSetup(command) || isSystem(command)))
      return 'what the steps before it make for it is not known'
  }
  return undefined
}

function before(instructions: readonly Instruction[], until: Instruction): { instruction: Instruction }[] {
  return instructions.slice(0, instructions.indexOf(until)).map((instruction) => ({ instruction }))
}

function bringsModules(source: string): boolean {
  return /^\.?\/?\*?$|node_modules/u.test(source)
}

function isSystem(command: Parameters<typeof systemPackagesOf>[0]): boolean {
  const [program = ''] = command.words.map(({ text }) => text)
  return ['apt-get', 'apt', 'apk', 'rm', 'groupadd', 'useradd', 'addgroup', 'adduser', 'chown'].includes(
    program,
  )
}

/** For COPY --chown; undefined for root, null when it is not known to give the same. */
function ownerOf(user: string | undefined): string | undefined | null {
  if (user === undefined || ['root', '0', '0:0', 'root:root'].includes(user)) return undefined
  if (user === 'node' || user === 'node:node' || user === '1000:1000')
    return user === 'node' ? 'node:node' : user
  return null
}

/** Writes the native stages and what takes the installs' places. */
export function extractInstalls(rewrite: Rewrite, found: readonly Extraction[]): void {
  for (const extraction of found) extract(rewrite, extraction)
}

function extract(
  rewrite: Rewrite,
  { index, install, folder, rebuilt, rebuilds, owner, libc }: Extraction,
): void {
  const { view, text } = rewrite
  const { stage } = view.stage(index)
  const { run } = install
  const name = text.newName(`${stage.name ?? 'image'}-modules`)
  text.insertBefore(stage, modulesStage(rewrite, { index, install, libc, name }))
  const chown = owner === undefined ? '' : `--chown=${owner} `
  const modules = `${folder === '/' ? '' : folder}/node_modules`
  const copy = `COPY ${chown}--from=${name} ${modules} ./node_modules`
  const needsOwn = rebuilt.length > 0 && rebuilds.length === 0
  const rebuild = `${install.manager} rebuild ${rebuilt.join(' ')}`
  text.edit({ ...run.range, text: needsOwn ? `${copy}${text.lineEnd}RUN ${rebuild}` : copy })
  rewrite.changed(run, {
    rule: 'cross-install',
    what: `node_modules is installed for the image’s platform on the builder’s own (stage ${name})`,
    why: `the lockfile decides what is installed: the same files, byte for byte${needsOwn ? `; only ${rebuilt.join(', ')} runs its install script on the image’s platform` : ''}`,
  })
  for (const each of rebuilds) scopeRebuild(rewrite, each, rebuilt)
}

function scopeRebuild(rewrite: Rewrite, instruction: Instruction, names: readonly string[]): void {
  const { text } = rewrite
  if (names.length === 0) {
    text.removeLines(instruction)
    rewrite.changed(instruction, {
      rule: 'scoped-rebuild',
      what: 'not needed',
      why: 'no package of the lockfile has an install script that changes anything',
    })
    return
  }
  if (instruction.keyword !== 'RUN') return
  for (const command of runCommands(instruction)) {
    text.edit({ start: command.range.end, end: command.range.end, text: ` ${names.join(' ')}` })
  }
  rewrite.changed(instruction, {
    rule: 'scoped-rebuild',
    what: `rebuilds ${names.join(', ')} only`,
    why: 'no other package of the lockfile has an install script that changes anything',
  })
}

/** The native stage that makes node_modules; `flags` are added to the install. */
export function modulesStage(
  rewrite: Rewrite,
  {
    index,
    install,
    libc,
    name,
    flags = '',
  }: { index: number; install: InstallStep; libc: Libc; name: string; flags?: string },
): string[] {
  const { view, text, nativeNames } = rewrite
  const stage = view.stage(index)
  const { from, instructions } = stage.stage
  const parent =
    stage.base.kind === 'stage'
      ? (nativeNames.get(stage.base.index) ?? from.image.text)
      : `${nativeFlag}${from.image.text}`
  const prepared = instructions
    .slice(0, instructions.indexOf(install.run))
    .filter(isPreparation)
    .map(({ range }) => text.slice(range))
  const edits = crossEdits(install, {
    flags,
    libc,
    platforms: view.platforms,
    escape: view.dockerfile.escape,
    lineEnd: text.lineEnd,
    asRoot: true,
  })
  const declared =
    install.step.scope.has('TARGETARCH') && prepared.some((line) => line.includes('TARGETARCH'))
  return [
    "# node_modules for the image's platform, installed by the builder's own.",
    `FROM ${parent} AS ${name}`,
    ...prepared,
    ...(declared ? [] : ['ARG TARGETARCH']),
    text.slice(install.run.range, [...edits, ...rebuildRemovals(install)]),
  ]
}

/** Of the steps before an install, those that it may need. */
function isPreparation(instruction: Instruction): boolean {
  if (instruction.keyword === 'RUN') return runCommands(instruction).every(isSetup)
  // Whoever the step runs as, its files get their owner from the COPY.
  return ['ARG', 'COPY', 'ENV', 'SHELL', 'WORKDIR'].includes(instruction.keyword)
}
