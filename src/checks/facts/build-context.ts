/** The build context of a Dockerfile: its folder and what .dockerignore keeps out of it. */
import { parseIgnoreRules } from '../../project/index.ts'
import { dockerfileOf } from '../builds/image-build.ts'
import type { CheckedDockerfile, CheckedProject } from '../checked-project.ts'
import { baseNameOf, folderOf, type ProjectFile } from '../project-file.ts'

/** The folder: of the builds that use the file, else the one it lies in when a package.json lies there; undefined when unclear. */
export function contextOf(project: CheckedProject, checked: CheckedDockerfile): string | undefined {
  const contexts = [
    ...new Set(
      checked.builds
        .filter((build) => dockerfileOf(build) === checked.file.path)
        .map(({ context }) => context),
    ),
  ]
  if (contexts.length > 0) return contexts.length === 1 ? contexts[0] : undefined
  const own = folderOf(checked.file.path)
  const hasManifest = project.packages.some(({ file }) => folderOf(file.path) === own)
  return own === '' || hasManifest ? own : undefined
}

/** The path of the ignore file that a build of this Dockerfile reads, and its text when it exists. */
export function ignoreFileOf(
  project: CheckedProject,
  checked: CheckedDockerfile,
  context: string,
): { path: string; file: ProjectFile | undefined } {
  const own = `${checked.file.path}.dockerignore`
  const specific = project.files.get(own)
  if (specific) return { path: own, file: specific }
  const path = context === '' ? '.dockerignore' : `${context}/.dockerignore`
  return { path, file: project.files.get(path) }
}

/** Whether the ignore file keeps a path of the context out of it. One that BuildKit refuses is taken to keep everything out. */
export function isIgnored(file: ProjectFile | undefined, path: string): boolean {
  if (!file) return false
  try {
    return parseIgnoreRules(file.text, file.path).ignores(path)
  } catch {
    return true
  }
}

/** The file's name for messages. */
export function nameOf({ path }: { path: string }): string {
  return baseNameOf(path)
}
