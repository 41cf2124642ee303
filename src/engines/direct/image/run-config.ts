/** What a container of the image is started with: the base's settings, the project's, and the configuration's on top. */
import type { RunConfig } from '../../../oci/index.ts'
import type { ImageSettings, StartCommand } from '../../../project/index.ts'
import type { BaseFacts } from '../base/base-image.ts'

export interface RunConfigInput {
  base: RunConfig
  facts: BaseFacts
  start: StartCommand
  settings: ImageSettings
  /** absolute path of the shipped package's folder in the image */
  workdir: string
  labels: Readonly<Record<string, string>>
}

export const defaultWorkdir = '/app'

export function runConfig({ base, facts, start, settings, workdir, labels }: RunConfigInput): RunConfig {
  const user = settings.user ?? defaultUser(base, facts)
  const ports = {
    ...base.ExposedPorts,
    ...Object.fromEntries((settings.ports ?? []).map((port) => [port, {}])),
  }
  const allLabels = { ...base.Labels, ...labels, ...settings.labels }
  const stopSignal = settings.stopSignal ?? base.StopSignal
  return {
    ...(user ? { User: user } : {}),
    ...(Object.keys(ports).length > 0 ? { ExposedPorts: ports } : {}),
    Env: mergeEnv(base.Env ?? [], { NODE_ENV: 'production', ...start.env, ...settings.env }),
    ...entrypoint(start, facts),
    ...(base.Volumes ? { Volumes: base.Volumes } : {}),
    WorkingDir: workdir,
    ...(Object.keys(allLabels).length > 0 ? { Labels: allLabels } : {}),
    ...(stopSignal ? { StopSignal: stopSignal } : {}),
    ...(base.Healthcheck ? { Healthcheck: base.Healthcheck } : {}),
  }
}

/**
 * The init is the entrypoint and the service is the command, so that `docker run IMAGE node -e …` works. A base's own
 * entrypoint (a shell script in Node's images) is not kept: the start command is complete as it is.
 */
function entrypoint(start: StartCommand, facts: BaseFacts): Pick<RunConfig, 'Entrypoint' | 'Cmd'> {
  if (start.entrypoint.length > 0)
    return { Entrypoint: start.entrypoint, ...(start.cmd.length > 0 ? { Cmd: start.cmd } : {}) }
  const init = facts.init ? { Entrypoint: [facts.init, '--'] } : {}
  return { ...init, Cmd: start.cmd }
}

function defaultUser(base: RunConfig, facts: BaseFacts): string | undefined {
  const isRoot = !base.User || /^(?:root|0)(?::|$)/.test(base.User)
  if (!isRoot) return base.User
  return facts.users.includes('node') ? 'node' : base.User
}

/** `NAME=value` lists: later values replace earlier ones in place, new names follow in their order. */
function mergeEnv(base: readonly string[], more: Readonly<Record<string, string>>): string[] {
  const values = new Map(base.map((item) => [item.split('=', 1)[0] as string, item]))
  for (const [name, value] of Object.entries(more)) values.set(name, `${name}=${value}`)
  return [...values.values()]
}
