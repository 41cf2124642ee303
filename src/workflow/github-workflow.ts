/** GitHub workflows: jobs with their matrix rows, steps with what they use and run. */
import { LogicalText, type TextRange } from '../base/index.ts'
import { type MatrixRow, matrixRows } from './matrix.ts'
import { entriesAt, entryOf, listAt, scalarAt, scalarsAt, textOf, valueAt } from './yaml-access.ts'
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-tree.ts'

/** `uses: owner/repository/path@ref` */
export interface ActionUse {
  readonly scalar: YamlScalar
  /** `owner/repository[/path]`, in lower case */
  readonly name: string
  readonly ref: string
}

export interface WorkflowStep {
  readonly index: number
  readonly node: YamlMap
  readonly range: TextRange
  readonly id: string | undefined
  readonly name: string | undefined
  readonly condition: YamlScalar | undefined
  readonly uses: ActionUse | undefined
  /** the inputs of the action */
  readonly inputs: ReadonlyMap<string, YamlScalar>
  readonly run: YamlScalar | undefined
  readonly environment: ReadonlyMap<string, YamlScalar>
  readonly timeout: YamlScalar | undefined
}

export interface WorkflowJob {
  readonly id: string
  readonly entry: YamlEntry
  readonly node: YamlMap
  readonly runsOn: readonly string[]
  readonly needs: readonly string[]
  readonly condition: YamlScalar | undefined
  readonly timeout: YamlScalar | undefined
  readonly steps: readonly WorkflowStep[]
  /** a job that calls another workflow */
  readonly calls: YamlScalar | undefined
  readonly environment: ReadonlyMap<string, YamlScalar>
  /** what the matrix yields; undefined when an expression decides it at run time */
  readonly rows: readonly MatrixRow[] | undefined
}

export interface GithubWorkflow {
  readonly node: YamlMap
  /** the events that start it, with their filters */
  readonly events: ReadonlyMap<string, YamlNode | undefined>
  readonly environment: ReadonlyMap<string, YamlScalar>
  readonly jobs: readonly WorkflowJob[]
}

/** The workflow in a document; undefined when it has no jobs. */
export function toGithubWorkflow(document: YamlNode | undefined): GithubWorkflow | undefined {
  if (document?.kind !== 'map') return undefined
  const jobs = entriesAt(document, 'jobs').flatMap((entry) =>
    entry.value.kind === 'map' ? [toJob(entry, entry.value)] : [],
  )
  if (jobs.length === 0) return undefined
  return {
    node: document,
    events: eventsOf(valueAt(document, 'on')),
    environment: scalarMap(document, 'env'),
    jobs,
  }
}

function eventsOf(on: YamlNode | undefined): Map<string, YamlNode | undefined> {
  if (on?.kind === 'map') return new Map(on.entries.map(({ key, value }) => [key, value]))
  const names = on?.kind === 'list' ? on.items : on ? [on] : []
  return new Map(names.flatMap((name) => (name.kind === 'scalar' ? [[name.text, undefined] as const] : [])))
}

function toJob(entry: YamlEntry, node: YamlMap): WorkflowJob {
  const runsOn = valueAt(node, 'runs-on')
  return {
    id: entry.key,
    entry,
    node,
    runsOn: scalarsAt(runsOn?.kind === 'map' ? valueAt(runsOn, 'labels') : runsOn).map((label) => label.text),
    needs: scalarsAt(node, 'needs').map((need) => need.text),
    condition: scalarAt(node, 'if'),
    timeout: scalarAt(node, 'timeout-minutes'),
    steps: (listAt(node, 'steps')?.items ?? []).flatMap((step, index) =>
      step.kind === 'map' ? [toStep(step, index)] : [],
    ),
    calls: scalarAt(node, 'uses'),
    environment: scalarMap(node, 'env'),
    rows: matrixRows(valueAt(node, 'strategy', 'matrix')),
  }
}

function toStep(node: YamlMap, index: number): WorkflowStep {
  const uses = scalarAt(node, 'uses')
  return {
    index,
    node,
    range: node.range,
    id: textOf(node, 'id'),
    name: textOf(node, 'name'),
    condition: scalarAt(node, 'if'),
    uses: uses && toActionUse(uses),
    inputs: scalarMap(node, 'with'),
    run: scalarAt(node, 'run'),
    environment: scalarMap(node, 'env'),
    timeout: scalarAt(node, 'timeout-minutes'),
  }
}

function toActionUse(scalar: YamlScalar): ActionUse | undefined {
  const match = /^([\w.-]+\/[\w./-]+)@(.+)$/u.exec(scalar.text)
  return match ? { scalar, name: (match[1] as string).toLowerCase(), ref: match[2] as string } : undefined
}

function scalarMap(node: YamlNode, key: string): Map<string, YamlScalar> {
  return new Map(
    entriesAt(node, key).flatMap(({ key, value }) =>
      value.kind === 'scalar' ? [[key, value] as const] : [],
    ),
  )
}

/** A script with its `${{ }}` expressions kept, for reading its commands. */
export function scriptOf(run: YamlScalar): LogicalText {
  return run.source
}

/** The entry of a step's or job's own key, for edits. */
export function ownEntry(node: YamlMap, key: string): YamlEntry | undefined {
  const entry = entryOf(node, key)
  return entry?.merged ? undefined : entry
}
