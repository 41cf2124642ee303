import { resolve } from 'node:path'
import { CodedError } from '../../base/index.ts'
import { type Configuration, openProject, type Project } from '../../project/index.ts'
import type { ImageFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'
import { flagConfiguration } from './flag-configuration.ts'

/** The project that the command line names, with the flags over its configuration. Throws `ProjectError` and `INVALID_FLAG`. */
export async function commandProject(
  path: string,
  flags: ImageFlags & { tag?: string[] },
  { cwd, signal }: CommandContext,
): Promise<Project> {
  const project = await openProject(resolve(cwd, path), {
    flags: { ...flagConfiguration(flags), ...(flags.tag ? { tags: flags.tag } : {}) },
    signal,
    ...(flags.config ? { configurationFile: flags.config } : {}),
  })
  if (flags.debianMirror === undefined) return project
  return { ...project, configuration: withMirror(project.configuration, flags.debianMirror) }
}

/** The mirror belongs to the base of the flags as well as to that of the file. */
function withMirror(configuration: Configuration, mirror: string): Configuration {
  const { base } = configuration
  if (typeof base === 'object') return { ...configuration, base: { ...base, mirror } }
  throw new CodedError(
    'INVALID_FLAG',
    `--debian-mirror ${mirror}: the base ${base ?? 'node:<major>-slim'} has no Debian packages to take from a mirror`,
    { kind: 'usage', hint: 'assemble the base as well: --base assemble:bookworm' },
  )
}
