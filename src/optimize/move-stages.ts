/** Writes the stages that run on the builder's own platform: in place, or doubled where the image's platform needs them too. */
import type { TextEdit } from '../base/index.ts'
import { commandsOf, describeStage, isScriptBuild } from '../forecast/index.ts'
import { cacheMountEdits } from './cross-install.ts'
import { installStepOf } from './install-step.ts'
import type { Rewrite } from './rewrite.ts'

export const nativeFlag = '--platform=$BUILDPLATFORM '

/** `native` are needed natively; of these, `doubled` ones stay as well. */
export function moveStages(
  rewrite: Rewrite,
  native: ReadonlySet<number>,
  doubled: ReadonlySet<number>,
): void {
  const { view, text } = rewrite
  const ordered = [...native].sort((a, b) => a - b)
  for (const index of ordered.filter((each) => doubled.has(each))) {
    const { stage } = view.stage(index)
    rewrite.nativeNames.set(index, text.newName(`${stage.name ?? `stage-${index}`}-native`))
  }
  for (const index of ordered) {
    if (doubled.has(index)) double(rewrite, index)
    else move(rewrite, index)
  }
}

/** The edits that make a stage's FROM and its sources native ones. */
export function nativeEdits({ view, nativeNames }: Rewrite, index: number): TextEdit[] {
  const { stage, base } = view.stage(index)
  const { image } = stage.from
  const edits: TextEdit[] = []
  if (base.kind === 'stage') {
    const name = nativeNames.get(base.index)
    if (name !== undefined) edits.push({ ...image.range, text: name })
  } else if (base.kind !== 'scratch') {
    edits.push({ start: image.range.start, end: image.range.start, text: nativeFlag })
  }
  for (const { from, step } of view.uses.filter(({ to }) => to === index)) {
    const name = nativeNames.get(from)
    const { instruction } = step
    if (name === undefined) continue
    if (instruction.keyword === 'COPY' && instruction.from)
      edits.push({ ...instruction.from.valueRange, text: name })
    if (instruction.keyword !== 'RUN') continue
    for (const mount of instruction.mounts) {
      const field = mount.fields.find(
        (each) => each.name === 'from' && view.stage(from).stage.name === each.value.toLowerCase(),
      )
      if (field) edits.push({ ...field.valueRange, text: name })
    }
  }
  return edits
}

function move(rewrite: Rewrite, index: number): void {
  const { view, text } = rewrite
  const stage = view.stage(index)
  text.edit(...nativeEdits(rewrite, index), ...installEdits(rewrite, index))
  const build = commandsOf(stage).find(({ command }) => isScriptBuild(command))
  if (build) {
    rewrite.changed(stage.stage.from, {
      rule: 'native-stage',
      what: `${describeStage(stage)} runs on the builder’s own platform`,
      why: 'what is copied from it is built JavaScript and files of the project: the same for every CPU, made once',
    })
  }
  for (const { instruction } of stage.steps) if (instruction.keyword === 'RUN') rewrite.covered(instruction)
}

function double(rewrite: Rewrite, index: number): void {
  const { view, text } = rewrite
  const { stage } = view.stage(index)
  const edits = [...nativeEdits(rewrite, index), ...installEdits(rewrite, index), ...renaming(rewrite, index)]
  const lines = [stage.from, ...stage.instructions].map(({ range }) =>
    text.slice(
      range,
      edits.filter(({ start, end }) => start >= range.start && end <= range.end),
    ),
  )
  text.insertAfter(stage, [
    "# The same on the builder's own platform, for stages whose output has no binaries.",
    ...lines,
  ])
}

function renaming({ view, nativeNames }: Rewrite, index: number): TextEdit[] {
  const { from } = view.stage(index).stage
  const name = nativeNames.get(index) ?? ''
  if (from.alias) return [{ ...from.alias.range, text: name }]
  return [{ start: from.image.range.end, end: from.image.range.end, text: ` AS ${name}` }]
}

/** Installs of a native stage share npm's cache. */
function installEdits(rewrite: Rewrite, index: number): TextEdit[] {
  const { view, text } = rewrite
  const stage = view.stage(index)
  return stage.steps.flatMap((step) => {
    const install = installStepOf(step)
    if (install === undefined || typeof install === 'string') return []
    const asRoot = rewrite.runsAsRoot(stage, install.run)
    return cacheMountEdits(install, { asRoot, escape: view.dockerfile.escape, lineEnd: text.lineEnd })
  })
}
