/** The work of `everyarch plan` on a project with a Dockerfile: what a builder would do with it, and what `optimize` would change. */
import { exitCodes } from '../../base/index.ts'
import { type BuilderFacts, forecastDockerfile } from '../../forecast/index.ts'
import { optimizeDockerfile } from '../../optimize/index.ts'
import { forecastText } from '../../report/index.ts'
import type { CommandContext } from '../context.ts'
import { hostBuilder } from './host-builder.ts'
import { type DockerfileFlags, readDockerfile } from './read-dockerfile.ts'

export interface PlanDockerfileFlags extends DockerfileFlags {
  json?: boolean
}

/** `builder` is this machine when it is not given. */
export async function planDockerfile(
  path: string,
  flags: PlanDockerfileFlags,
  context: CommandContext,
  builder?: BuilderFacts,
): Promise<number> {
  const { stdout, signal } = context
  const { text, facts } = await readDockerfile(path, flags, context)
  const options = { ...facts, builder: builder ?? (await hostBuilder({ signal })) }
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
