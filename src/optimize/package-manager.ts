/** What package managers can be told about the platform that they install for. */
import { assertNever } from '../base/index.ts'
import type { ResolvedStage, StageGraph } from '../dockerfile/index.ts'
import { type Libc, type Manager, rootImageOf } from '../forecast/index.ts'
import type { OptimizeProject } from './optimize-facts.ts'

export interface ManagerVersion {
  readonly major: number
  readonly minor: number
}

/** The version that package.json's `packageManager` names. */
export function versionOf(
  { packageManager = '' }: OptimizeProject,
  manager: Manager,
): ManagerVersion | undefined {
  const match = /^(\w+)@(\d+)\.(\d+)/u.exec(packageManager)
  return match?.[1] === manager ? { major: Number(match[2]), minor: Number(match[3]) } : undefined
}

/** The C library to install for, or why the install cannot be steered. */
export function crossTarget(
  manager: Manager,
  graph: StageGraph,
  stage: ResolvedStage,
  project: OptimizeProject,
): { libc: Libc } | { why: string } {
  const image = rootImageOf(graph, stage)
  if (!image?.libc) return { why: `the C library of ${image?.reference ?? 'the base image'} is not known` }
  const why = whyNotSteerable(manager, image.nodeMajor, image.tag, project)
  return why ? { why } : { libc: image.libc }
}

function whyNotSteerable(
  manager: Manager,
  nodeMajor: number | undefined,
  tag: string,
  project: OptimizeProject,
): string | undefined {
  const version = versionOf(project, manager)
  const atLeast = (major: number, minor: number) =>
    version !== undefined && (version.major > major || (version.major === major && version.minor >= minor))
  switch (manager) {
    case 'npm':
      return npmOfImage(nodeMajor, tag)
    case 'pnpm':
      return atLeast(10, 14)
        ? undefined
        : 'pnpm takes --os, --cpu and --libc from version 10.14, and packageManager in package.json does not name one'
    case 'yarn':
      return atLeast(2, 0) ? undefined : 'Yarn 1 installs for the CPU that it runs on, and takes no other'
    case 'bun':
      return atLeast(1, 3)
        ? undefined
        : 'bun takes --os and --cpu from version 1.3, and packageManager in package.json does not name one'
    default:
      return assertNever(manager)
  }
}

/** npm knows --libc since 10.4: Node 20.12, 21.7 and 22 brought it. */
function npmOfImage(major: number | undefined, tag: string): string | undefined {
  if (major === undefined) return 'the version of npm in the base image is not known'
  const minor = Number(/^\d+\.(\d+)/u.exec(tag)?.[1] ?? 99)
  const since: Record<number, number> = { 18: 20, 20: 12, 21: 7 }
  const knows = major >= 22 || (since[major] !== undefined && minor >= since[major])
  return knows ? undefined : `the npm of Node ${major}${minor === 99 ? '' : `.${minor}`} does not know --libc`
}
