/** What the project's pipeline says. */
import { architectureOf } from '../../forecast/index.ts'
import { optionsOf } from '../builds/image-build.ts'
import type { CheckFinding } from '../check-project.ts'
import { type ChecklistLine, judged, type Verdict } from './checklist-line.ts'
import { type PipelineBuild, usesAction } from './pipeline-build.ts'

const noPipeline = 'no workflow, script or bake file of the project builds an image'

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
function hasNodes(steps: PipelineBuild['steps']): boolean {
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

export function cacheLine(
  builds: readonly PipelineBuild[],
  findings: readonly CheckFinding[],
): ChecklistLine {
  const clashes = findings
    .filter(({ rule }) => rule === 'workflow/shared-cache-scope' || rule === 'bake/shared-cache')
    .map(
      ({ source, message }): Verdict => ({
        state: 'not done',
        evidence: `${source.file}:${source.line}: ${message}`,
      }),
    )
  return judged('cache', [...clashes, ...builds.map(cache)], {
    none: noPipeline,
    hint: 'export the cache of each platform under a name of its own, with mode=max',
  })
}

function cache({ by, place, step, steps, cacheTo }: PipelineBuild): Verdict {
  if (by === 'everyarch') return everyarchCache(place, step, steps)
  if (hasNodes(steps) && cacheTo.length === 0) {
    return { state: 'unknown', evidence: `${place}: the builder may keep its cache itself` }
  }
  if (cacheTo.length === 0)
    return { state: 'not done', evidence: `${place}: no cache-to, so every run starts cold` }
  const partial = cacheTo.find((text) => optionsOf(text).get('mode') !== 'max')
  if (partial === undefined) return { state: 'done', evidence: `${place}: ${cacheTo.join(' ')}` }
  return partial.includes('${{')
    ? { state: 'unknown', evidence: `${place}: what the cache is written to is not known from the files` }
    : { state: 'not done', evidence: `${place}: ${partial}, without mode=max, keeps the last stage only` }
}

function everyarchCache(place: string, step: PipelineBuild['step'], steps: PipelineBuild['steps']): Verdict {
  const kept = steps.some(
    ({ uses, inputs }) =>
      uses?.name.startsWith('actions/cache') === true && /everyarch/u.test(inputs.get('path')?.text ?? ''),
  )
  const own = step?.uses !== undefined && step.inputs.get('runner-cache')?.text !== 'false'
  return kept || own
    ? { state: 'done', evidence: `${place}: the cache folder of everyarch is kept between runs` }
    : { state: 'not done', evidence: `${place}: the cache folder of everyarch is not kept between runs` }
}
