/** Asks buildx about a builder: its driver, its nodes, and which CPU each really has. */
import { type CancelOptions, mapConcurrently } from '../../../base/index.ts'
import { BuildkitError } from '../buildkit-error.ts'
import { askBuildPlatform } from './ask-build-platform.ts'
import { engineFailure } from '../failure/engine-failure.ts'
import { askDocker, type DockerCommand } from '../buildx/run-buildx.ts'
import type { Builder, BuilderNode } from './builder.ts'
import { parseInspect } from './parse-inspect.ts'

export interface InspectOptions extends CancelOptions {
  /** the builder's name; the one that buildx uses when absent */
  builder?: string
  /** starts the nodes that are not running, as a build would: it may download an image. Default: true */
  boot?: boolean
}

/** Booting a node may mean downloading BuildKit. */
const bootPatience = 180_000

/**
 * The builder with its nodes. Throws `BuildkitError`: `DOCKER_MISSING`, `BUILDX_MISSING`, `ENGINE_UNREACHABLE`,
 * `ENGINE_PERMISSION`, `BUILDER_UNKNOWN`, `BUILDER_UNREACHABLE`.
 */
export async function inspectBuilder(
  docker: DockerCommand,
  { builder: name, boot = true, signal }: InspectOptions,
): Promise<Builder> {
  const inspected = await inspect(docker, name, [], { signal })
  const idle = inspected.nodes.every((node) => node.platforms.length === 0)
  const builder = idle && boot ? await inspect(docker, name, ['--bootstrap'], { signal }) : inspected
  if (boot && builder.nodes.every((node) => node.platforms.length === 0)) throw unreachable(builder)
  const nodes = await mapConcurrently(
    builder.nodes,
    4,
    (node) => withNative(node, docker, name, { signal }),
    {
      signal,
    },
  )
  return { ...builder, nodes }
}

async function inspect(
  docker: DockerCommand,
  name: string | undefined,
  flags: readonly string[],
  { signal }: CancelOptions,
): Promise<Builder> {
  const args = ['buildx', 'inspect', ...flags, ...(name === undefined ? [] : [name])]
  const timeout = flags.length > 0 ? bootPatience : 30_000
  const { exitCode, stdout, stderr } = await askDocker(docker, args, { signal, timeout })
  const { builder, error } = parseInspect(stdout)
  const said = [error, stderr].filter(Boolean).join('\n')
  if (exitCode !== 0 || error !== undefined || builder.driver === '') {
    throw engineFailure(said) ?? unreachable({ ...builder, name: builder.name || (name ?? 'default') }, said)
  }
  return builder
}

function unreachable({ name, driver, nodes }: Builder, said = ''): BuildkitError {
  const reason = lastLine(said) || nodes.map(({ name, status }) => `${name} is ${status}`).join(', ')
  return new BuildkitError(
    'BUILDER_UNREACHABLE',
    `the builder ${name}${driver ? ` (driver ${driver})` : ''} does not answer${reason ? `: ${reason}` : ''}`,
    {
      kind: 'environment',
      hint: 'look with `docker buildx inspect --bootstrap`, choose another with --builder, or make one: `everyarch setup`',
      details: { builder: name, driver },
      retryable: true,
    },
  )
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.replace(/^ERROR: /, '') ?? ''
  )
}

/** What was assigned to a node hides what it is; where it cannot be asked, it counts as what it was assigned to. */
async function withNative(
  node: BuilderNode,
  docker: DockerCommand,
  builder: string | undefined,
  { signal }: CancelOptions,
): Promise<BuilderNode> {
  const assigned = node.assigned[0]
  if (node.native !== undefined || assigned === undefined || node.error !== undefined) return node
  const native = await askBuildPlatform(docker, { builder, platform: assigned, signal })
  return { ...node, native: native ?? assigned }
}
