/** The command line's words for an engine, and the engine that they mean. */
import { resolve } from 'node:path'
import type { Reference } from '../../oci/index.ts'
import { type Engine, openEngine, type OpenTools, sourceDateEpoch } from '../../pipeline/index.ts'
import type { Project } from '../../project/index.ts'
import type { BuildFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'
import { writtenPlaces } from './destinations.ts'
import { buildxOptions, refuseForeignFlags, unusedConfiguration } from './buildkit-flags.ts'

export interface CommandEngineSettings {
  project: Project
  flags: BuildFlags
  tools: OpenTools
  /** the repository that the image goes to at the end, when it goes to one only */
  repository?: Reference
  /** other platforms of the image are built elsewhere */
  partial: boolean
  /** build contexts that other targets make */
  linked: readonly string[]
}

/** Throws what `openEngine` throws, and `INVALID_FLAG`. */
export async function commandEngine(
  { project, flags, tools, ...settings }: CommandEngineSettings,
  { env, cwd, signal }: CommandContext,
): Promise<Engine> {
  const { file, emulationTimeout } = flags
  const optimize = flags.optimize === true ? 'code' : flags.optimize
  const wishes = {
    ...settings,
    project,
    wanted: flags.engine,
    options: buildxOptions(flags),
    reuse: flags.cache ?? true,
    mtime: sourceDateEpoch(env),
    written: writtenPlaces(flags, cwd),
    ...(file === undefined ? {} : { file: resolve(cwd, file) }),
    ...(optimize === undefined ? {} : { optimize }),
    ...(emulationTimeout === undefined ? {} : { limits: { silentEmulation: emulationTimeout } }),
  }
  const engine = await openEngine(wishes, { ...tools, docker: { env, cwd } }, { signal })
  refuseForeignFlags(engine.name, flags)
  if (engine.name === 'buildkit') warnUnused(project, tools)
  return engine
}

function warnUnused({ configuration }: Project, { progress }: OpenTools): void {
  const keys = unusedConfiguration(configuration)
  if (keys.length === 0) return
  progress({
    type: 'warning',
    text: `${keys.join(', ')} of the configuration ${keys.length === 1 ? 'is' : 'are'} not used: the Dockerfile says it`,
    hint: '--engine direct uses them, and leaves the Dockerfile aside',
  })
}
