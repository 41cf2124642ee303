/** The Dockerfile that a command line means, with what its project says for a rewrite or a forecast. */
import { readFile, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { CodedError, codeOf, messageOf } from '../../base/index.ts'
import { formatPlatform, parsePlatforms } from '../../oci/index.ts'
import { type OptimizeFacts, readOptimizeProject } from '../../optimize/index.ts'
import type { CommandContext } from '../context.ts'
import { folderConfiguration } from '../folder-configuration.ts'

export interface DockerfileFlags {
  dockerfile?: string
  platform?: string[]
  target?: string
  buildArg?: string[]
  config?: string
}

export interface FoundDockerfile {
  /** the path to write to */
  file: string
  /** the path as messages name it, relative to where the command was typed */
  name: string
  text: string
  facts: OptimizeFacts & { platforms: readonly string[] }
}

const defaultPlatforms = ['linux/amd64', 'linux/arm64']

/** Throws `DOCKERFILE_MISSING`, `DOCKERFILE_UNREADABLE`, `INVALID_FLAG`, `OciError`, `ProjectError`. */
export async function readDockerfile(
  path: string,
  flags: DockerfileFlags,
  { cwd, signal }: CommandContext,
): Promise<FoundDockerfile> {
  const folder = resolve(cwd, path)
  const file = flags.dockerfile === undefined ? join(folder, 'Dockerfile') : resolve(cwd, flags.dockerfile)
  const below = relative(cwd, file)
  const name = below.startsWith('..') ? file : below
  const isFolder = await stat(folder).then(
    (facts) => facts.isDirectory(),
    () => false,
  )
  if (!isFolder) {
    throw new CodedError('DOCKERFILE_MISSING', `${path} is no folder`, {
      kind: 'usage',
      hint: 'give the folder of the project, and --dockerfile for a file elsewhere',
    })
  }
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const missing = codeOf(cause) === 'ENOENT'
    throw new CodedError(
      missing ? 'DOCKERFILE_MISSING' : 'DOCKERFILE_UNREADABLE',
      missing ? `there is no ${name}` : `${name} cannot be read: ${messageOf(cause)}`,
      { kind: 'usage', hint: 'name it with --dockerfile', cause },
    )
  })
  const platforms = flags.platform
    ? parsePlatforms(flags.platform.join(',')).map(formatPlatform)
    : ((await folderConfiguration(flags, { cwd, signal }, folder)).platforms ?? defaultPlatforms)
  return {
    file,
    name,
    text,
    facts: {
      file: name,
      platforms,
      ...(flags.target === undefined ? {} : { targetStage: flags.target }),
      ...(flags.buildArg ? { buildArgs: buildArguments(flags.buildArg) } : {}),
      project: await readOptimizeProject(folder, file, { signal }),
    },
  }
}

function buildArguments(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((item) => {
      const equals = item.indexOf('=')
      if (equals > 0) return [item.slice(0, equals), item.slice(equals + 1)]
      throw new CodedError('INVALID_FLAG', `--build-arg ${item}: a name and a value are needed`, {
        kind: 'usage',
        hint: 'write --build-arg NAME=value',
      })
    }),
  )
}
