import { resolve } from 'node:path'
import { type Configuration, type PackageJson, readConfiguration, readPackageJson } from '../project/index.ts'
import type { CommandContext } from './context.ts'

/** The configuration of a folder (the working directory), for commands that need no project: empty where there is none. */
export async function folderConfiguration(
  flags: { config?: string },
  { cwd, signal }: Pick<CommandContext, 'cwd' | 'signal'>,
  folder: string = cwd,
): Promise<Configuration> {
  const nothing: PackageJson = {
    file: 'package.json',
    document: {},
    type: 'commonjs',
    bin: {},
    scripts: {},
    workspaces: [],
    engines: {},
  }
  const packageJson = await readPackageJson(folder, '', { signal }).catch(() => nothing)
  const { configuration } = await readConfiguration(folder, {
    packageJson,
    signal,
    ...(flags.config ? { file: resolve(cwd, flags.config) } : {}),
  })
  return configuration
}
