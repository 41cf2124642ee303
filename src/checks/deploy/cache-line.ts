/** Whether a rebuild finds what the last one made: what the pipeline says of its caches, and what registries hold of them. */
import { optionsOf } from '../builds/image-build.ts'
import type { CheckFinding } from '../check-project.ts'
import { type ChecklistLine, judged, type Verdict } from './checklist-line.ts'
import type { PipelineBuild } from './pipeline-build.ts'
import { hasNodes, noPipeline } from './pipeline-lines.ts'

/** A cache in a registry, as somebody who asked found it. */
export type CacheState =
  | { readonly kind: 'complete'; readonly layers: number }
  | { readonly kind: 'incomplete'; readonly layers: number; readonly missing: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown'; readonly reason: string }

export function cacheLine(
  builds: readonly PipelineBuild[],
  findings: readonly CheckFinding[],
  caches: ReadonlyMap<string, CacheState>,
): ChecklistLine {
  const clashes = findings
    .filter(({ rule }) => rule === 'workflow/shared-cache-scope' || rule === 'bake/shared-cache')
    .map(
      ({ source, message }): Verdict => ({
        state: 'not done',
        evidence: `${source.file}:${source.line}: ${message}`,
      }),
    )
  return judged(
    'cache',
    [...clashes, ...builds.flatMap((build) => [cache(build), ...stored(build, caches)])],
    {
      none: noPipeline,
      hint: 'export the cache of each platform under a name of its own, with mode=max',
    },
  )
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
  return partial.includes('$')
    ? { state: 'unknown', evidence: `${place}: what the cache is written to is not known from the files` }
    : { state: 'not done', evidence: `${place}: ${partial}, without mode=max, keeps the last stage only` }
}

/** What the registry says of the caches that a build writes there. */
function stored({ place, cacheTo }: PipelineBuild, caches: ReadonlyMap<string, CacheState>): Verdict[] {
  return cacheTo.flatMap((text): Verdict[] => {
    const reference = registryCache(text)
    const state = reference === undefined ? undefined : caches.get(reference)
    if (!state) return []
    const about = `${place}: ${reference}`
    switch (state.kind) {
      case 'complete':
        return [{ state: 'done', evidence: `${about} is there with all of its ${state.layers} layers` }]
      case 'missing':
        return [{ state: 'not done', evidence: `${about} is not there: the next build starts cold` }]
      case 'incomplete':
        return [
          {
            state: 'not done',
            evidence: `${about} lacks ${state.missing} of its ${state.layers} layers: the registry removed them`,
          },
        ]
      default:
        return [{ state: 'unknown', evidence: `${about} could not be looked at: ${state.reason}` }]
    }
  })
}

/** The reference of a cache in a registry; undefined for other caches, and where it is not known. */
function registryCache(text: string): string | undefined {
  const options = optionsOf(text)
  const reference = options.get('type') === 'registry' ? options.get('ref') : undefined
  return reference?.includes('$') ? undefined : reference
}

/** The caches in registries that builds write, each once. */
export function registryCaches(builds: readonly PipelineBuild[]): string[] {
  const found = builds.flatMap(({ cacheTo }) => cacheTo.map(registryCache))
  return [...new Set(found.filter((reference) => reference !== undefined))]
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
