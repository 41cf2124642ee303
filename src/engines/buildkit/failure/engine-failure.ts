/** What the docker command says when it cannot reach an engine or a builder. */
import { BuildkitError } from '../buildkit-error.ts'

/** Without the plugin docker also takes a flag of buildx for one of its own, and shows its own usage. */
const withoutPlugin =
  /is not a docker command|unknown command: docker buildx|unknown command "buildx"|unknown (?:shorthand )?flag[^\n]*\s+Usage:\s+docker \[OPTIONS\] COMMAND/i

/** The coded error for the end of the docker command's output; undefined when it is about something else. */
export function engineFailure(text: string): BuildkitError | undefined {
  const daemon = /(?:at|to) ((?:unix|tcp|npipe|ssh|https?):\/\/[^\s".]+(?:\.[^\s".]+)*)/.exec(text)?.[1]
  const place = daemon ? ` at ${daemon}` : ''
  if (/permission denied while trying to connect|dial unix [^:]+: connect: permission denied/i.test(text)) {
    return new BuildkitError('ENGINE_PERMISSION', `no permission to use the Docker engine${place}`, {
      kind: 'environment',
      hint: 'add yourself to the group docker (sudo usermod -aG docker $USER, then log in again), or use rootless Docker; `everyarch doctor` tells more',
    })
  }
  const unknown = /no builder "?([^"\s]+)"? found/i.exec(text)?.[1]
  if (unknown !== undefined) {
    return new BuildkitError('BUILDER_UNKNOWN', `there is no builder ${unknown}`, {
      kind: 'usage',
      hint: '`docker buildx ls` lists builders; `everyarch setup` makes one',
      details: { builder: unknown },
    })
  }
  if (/cannot connect to the docker daemon|is the docker daemon running|error during connect/i.test(text)) {
    return new BuildkitError('ENGINE_UNREACHABLE', `no Docker engine answers${place}`, {
      kind: 'environment',
      hint: 'start Docker (sudo systemctl start docker, or Docker Desktop), or set DOCKER_HOST; `everyarch doctor` tells more',
      retryable: true,
    })
  }
  if (withoutPlugin.test(text)) {
    return new BuildkitError('BUILDX_MISSING', 'the docker command has no buildx plugin', {
      kind: 'environment',
      hint: 'install it (Debian, Ubuntu: apt-get install docker-buildx or docker-buildx-plugin)',
    })
  }
  return undefined
}
