/** The work of `everyarch plan` on a project with a Dockerfile: what a builder would do with it, and what `optimize` would change. */
import { exitCodes } from '../../base/index.ts'
import { forecastDockerfile } from '../../forecast/index.ts'
import { optimizeDockerfile } from '../../optimize/index.ts'
import { forecastText } from '../../report/index.ts'
import type { CommandContext } from '../context.ts'
import { startProgress } from '../progress.ts'
import { plannedBuilder } from './planned-builder.ts'
import { type DockerfileFlags, readDockerfile } from './read-dockerfile.ts'

export interface PlanDockerfileFlags extends DockerfileFlags {
  builder?: string
  json?: boolean
}

export async function planDockerfile(
  path: string,
  flags: PlanDockerfileFlags,
  context: CommandContext,
): Promise<number> {
  const { stdout } = context
  const { text, facts } = await readDockerfile(path, flags, context)
  const { progress, stop } = startProgress({ progress: 'quiet' }, context)
  const builder = await plannedBuilder(flags.builder, progress, context).finally(stop)
  const options = { ...facts, builder }
  const forecast = forecastDockerfile(text, options)
  const optimized = optimizeDockerfile(text, facts)
  const optimizedForecast = forecastDockerfile(optimized.text, options)
  if (flags.json) {
    const { changes, kept } = optimized
    stdout.write(
      `${JSON.stringify({ forecast, optimized: { forecast: optimizedForecast, changes, kept } }, null, 2)}\n`,
    )
  } else stdout.write(forecastText({ forecast, optimizedForecast, optimized }, { colour: stdout.colour }))
  return exitCodes.ok
}
