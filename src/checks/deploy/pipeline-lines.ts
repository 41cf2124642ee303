/** What the project's pipeline says. */
import { architectureOf } from '../../forecast/index.ts'
import { type ChecklistLine, judged, type Verdict } from './checklist-line.ts'
import { type PipelineBuild, usesAction } from './pipeline-build.ts'

export const noPipeline = 'no workflow, script or bake file of the project builds an image'

export function emulatorsLine(builds: readonly PipelineBuild[]): ChecklistLine {
  return judged('emulators', builds.map(emulation), {
    none: noPipeline,
    hint: 'add docker/setup-qemu-action before the build, or give each platform a runner of its own',
  })
}

function emulation({ by, place, platforms, runner, steps }: PipelineBuild): Verdict {
  if (by === 'everyarch') return { state: 'done', evidence: `${place}: everyarch builds without emulation` }
  if (!platforms)
    return { state: 'unknown', evidence: `${place}: its platforms are not known from the files` }
  if (usesAction(steps, 'docker/setup-qemu-action')) {
    return { state: 'done', evidence: `${place}: docker/setup-qemu-action` }
  }
  if (hasNodes(steps)) return { state: 'done', evidence: `${place}: nodes of the builder` }
  if (runner === undefined)
    return { state: 'unknown', evidence: `${place}: the CPU of its runner is not known` }
  const foreign = platforms.filter((platform) => architectureOf(platform) !== runner)
  if (foreign.length > 0) {
    return {
      state: 'not done',
      evidence: `${place}: ${foreign.join(', ')} on a runner with ${runner}, without QEMU`,
    }
  }
  const own = platforms.length > 0 ? platforms.join(', ') : 'its own platform'
  return { state: 'done', evidence: `${place}: ${own} on a runner with ${runner}` }
}

/** A builder with machines of its own: other drivers, or nodes appended. */
export function hasNodes(steps: PipelineBuild['steps']): boolean {
  return steps.some(
    ({ uses, inputs }) =>
      uses?.name === 'docker/setup-buildx-action' &&
      (inputs.has('append') ||
        inputs.has('endpoint') ||
        /kubernetes|remote|cloud/u.test(inputs.get('driver')?.text ?? '')),
  )
}

export function builderLine(builds: readonly PipelineBuild[]): ChecklistLine {
  return judged('builder', builds.map(builder), {
    none: noPipeline,
    hint: 'add docker/setup-buildx-action before the build',
  })
}

function builder({ by, place, platforms, steps }: PipelineBuild): Verdict {
  if (by === 'everyarch') return { state: 'done', evidence: `${place}: everyarch needs no builder` }
  const made = steps.some(({ run }) => /docker buildx create|containerd-snapshotter/u.test(run?.text ?? ''))
  const configured = steps.some(({ inputs }) =>
    /containerd-snapshotter/u.test(inputs.get('daemon-config')?.text ?? ''),
  )
  if (made || configured) return { state: 'done', evidence: `${place}: the job makes a builder` }
  const setup = steps.find(({ uses }) => uses?.name === 'docker/setup-buildx-action')
  const driver = setup?.inputs.get('driver')?.text
  if (setup && driver !== 'docker') {
    return {
      state: 'done',
      evidence: `${place}: docker/setup-buildx-action (${driver ?? 'docker-container'})`,
    }
  }
  if (platforms && platforms.length <= 1)
    return { state: 'done', evidence: `${place}: one platform, which every builder can` }
  return {
    state: 'unknown',
    evidence: `${place}: the default builder makes several platforms only with the containerd image store`,
  }
}

export function workflowLine(builds: readonly PipelineBuild[], wanted: readonly string[]): ChecklistLine {
  const open = builds.find(({ platforms }) => platforms === undefined)
  const verdicts = wanted.map((platform): Verdict => {
    const maker = builds.find((build) => makes(build, platform))
    if (maker) return { state: 'done', evidence: `${platform}: ${maker.place}` }
    return open
      ? {
          state: 'unknown',
          evidence: `${platform}: the platforms of ${open.place} are not known from the files`,
        }
      : { state: 'not done', evidence: `${platform}: no build of the pipeline names it` }
  })
  return judged('workflow', builds.length > 0 ? verdicts : [], {
    none: noPipeline,
    hint: `name ${wanted.join(', ')} in the build, or leave a platform out of the configuration`,
  })
}

function makes({ platforms, runner }: PipelineBuild, wanted: string): boolean {
  if (platforms?.length === 0) return runner !== undefined && wanted === `linux/${runner}`
  return platforms?.includes(wanted) ?? false
}
