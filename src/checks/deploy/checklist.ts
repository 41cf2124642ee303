/** The checklist before a deploy: what stands between an image and the machines that will run it, each line with its evidence. */
import { type CheckOptions, checkFiles } from '../check-project.ts'
import { readProject } from '../checked-project.ts'
import { cacheLine, type CacheState, registryCaches } from './cache-line.ts'
import type { ChecklistLine } from './checklist-line.ts'
import { addonsLine, type DeployedImage, platformsLine, smokeLine } from './image-lines.ts'
import { machineBuilderLine, type MachineFacts, machineLine } from './machine-lines.ts'
import { pipelineBuilds } from './pipeline-build.ts'
import { builderLine, emulatorsLine, workflowLine } from './pipeline-lines.ts'

export interface DeployFacts {
  readonly image: DeployedImage
  /** this machine, which builds the image when no pipeline does */
  readonly machine: MachineFacts | undefined
  /** caches in registries by reference, those that were asked for */
  readonly caches: ReadonlyMap<string, CacheState>
}

/** What the caller has to find out about a project before its checklist can be written. */
export interface DeployQuestions {
  /** no pipeline builds it: the machine is looked at */
  readonly machine: boolean
  /** the references of caches in registries */
  readonly caches: readonly string[]
  readonly platforms: readonly string[]
  /** buildx makes the image on this machine */
  readonly needsBuilder: boolean
}

/** Pure, as `deployChecklist` is. */
export function deployQuestions(texts: ReadonlyMap<string, string>, options: CheckOptions): DeployQuestions {
  const project = readProject(texts, options)
  const builds = pipelineBuilds(project)
  return {
    machine: builds.length === 0,
    caches: registryCaches(builds),
    platforms: project.platforms,
    needsBuilder: texts.has('Dockerfile'),
  }
}

/** Judges an image and the project that it comes from. Pure: the caller reads both. */
export function deployChecklist(
  texts: ReadonlyMap<string, string>,
  options: CheckOptions,
  { image, machine, caches }: DeployFacts,
): ChecklistLine[] {
  const project = readProject(texts, options)
  const { findings } = checkFiles(texts, options)
  const builds = pipelineBuilds(project)
  return [
    builds.length === 0 && machine ? machineLine(project.platforms, machine) : emulatorsLine(builds),
    builds.length === 0 && machine
      ? machineBuilderLine(machine, texts.has('Dockerfile'))
      : builderLine(builds),
    workflowLine(builds, project.platforms),
    platformsLine(image, project.platforms),
    addonsLine(image),
    cacheLine(builds, findings, caches),
    smokeLine(image, findings),
  ]
}
