/** The builder that a plan is for: the one that a build would use, else this machine. */
import { CodedError, type Progress } from '../../base/index.ts'
import { type Builder, inspectBuilder } from '../../engines/buildkit/index.ts'
import type { BuilderFacts } from '../../forecast/index.ts'
import type { CommandContext } from '../context.ts'
import { hostBuilder } from './host-builder.ts'

/**
 * Asks buildx, and starts nothing. Where no builder answers this machine stands for it, and a warning says so; one that was
 * named must answer: throws `BuildkitError` otherwise.
 */
export async function plannedBuilder(
  name: string | undefined,
  progress: Progress,
  { env, cwd, signal }: Pick<CommandContext, 'env' | 'cwd' | 'signal'>,
): Promise<BuilderFacts> {
  try {
    const options = { boot: false, signal, ...(name === undefined ? {} : { builder: name }) }
    const builder = await inspectBuilder({ env, cwd }, options)
    if (builder.nodes.some(({ platforms }) => platforms.length > 0)) return factsOf(builder)
    const states = builder.nodes.map((node) => `${node.name} is ${node.status}`).join(', ')
    progress({
      type: 'warning',
      text: `the builder ${builder.name} does not run (${states}): this machine is taken for it`,
      hint: `start it first: docker buildx inspect --bootstrap ${builder.name}`,
    })
  } catch (error) {
    if (!(error instanceof CodedError) || error.kind === 'interrupted' || name !== undefined) throw error
    progress({ type: 'warning', text: `${error.message}: this machine is taken for the builder` })
  }
  return hostBuilder({ signal })
}

function factsOf({ name, driver, nodes }: Builder): BuilderFacts {
  return { name: `the builder ${name} (${driver})`, nodes }
}
