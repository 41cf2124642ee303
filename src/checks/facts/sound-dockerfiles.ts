import type { CheckedDockerfile, CheckedProject } from '../checked-project.ts'

/** The Dockerfiles that are right as such: of the others, only that is said. */
export function soundDockerfiles(project: CheckedProject): CheckedDockerfile[] {
  return project.dockerfiles.filter(({ dockerfile }) => dockerfile.problems.length === 0)
}
