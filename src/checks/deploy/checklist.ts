/** The checklist before a deploy: what stands between an image and the machines that will run it, each line with its evidence. */
import { type CheckOptions, checkFiles } from '../check-project.ts'
import { readProject } from '../checked-project.ts'
import { type ChecklistLine, judged } from './checklist-line.ts'
import { addonsLine, type DeployedImage, platformsLine, smokeLine } from './image-lines.ts'
import { pipelineBuilds } from './pipeline-build.ts'
import { builderLine, cacheLine, emulatorsLine, workflowLine } from './pipeline-lines.ts'

export interface DeployFacts {
  readonly image: DeployedImage
  /** for each platform how this machine runs it; for projects without a pipeline */
  readonly machine: ReadonlyMap<string, 'native' | 'emulated' | 'impossible'>
}

/** Judges an image and the project that it comes from. Pure: the caller reads both. */
export function deployChecklist(
  texts: ReadonlyMap<string, string>,
  options: CheckOptions,
  { image, machine }: DeployFacts,
): ChecklistLine[] {
  const project = readProject(texts, options)
  const { findings } = checkFiles(texts, options)
  const builds = pipelineBuilds(project)
  return [
    builds.length > 0 ? emulatorsLine(builds) : machineLine(project.platforms, machine),
    builderLine(builds),
    workflowLine(builds, project.platforms),
    platformsLine(image, project.platforms),
    addonsLine(image),
    cacheLine(builds, findings),
    smokeLine(image, findings),
  ]
}

/** Without a pipeline the image is built on this machine. */
function machineLine(platforms: readonly string[], machine: DeployFacts['machine']): ChecklistLine {
  const verdicts = platforms.map((platform) => {
    const how = machine.get(platform)
    const words = {
      native: 'native',
      emulated: 'a QEMU handler is registered',
      impossible: 'no QEMU handler',
    }
    return {
      state:
        how === undefined
          ? ('unknown' as const)
          : how === 'impossible'
            ? ('not done' as const)
            : ('done' as const),
      evidence: `this machine, ${platform}: ${how ? words[how] : 'not looked at'}`,
    }
  })
  return judged('emulators', verdicts, {
    none: 'no platform is asked for',
    hint: 'apt-get install qemu-user-static binfmt-support, or build on a machine of that platform',
  })
}
