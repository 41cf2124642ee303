/** The HEALTHCHECK of an image: Docker's extension of the image configuration. */
import type { RunConfig } from '../oci/index.ts'

export interface ImageHealthcheck {
  argv: readonly string[]
  /** milliseconds that one check may take */
  timeout: number
}

const defaultTimeout = 30_000
const nanosecondsPerMillisecond = 1e6

/** Undefined when the image has none, or switches its base's off. */
export function imageHealthcheck(config: RunConfig | undefined): ImageHealthcheck | undefined {
  const { Test: [kind, ...words] = [], Timeout = 0 } = config?.Healthcheck ?? {}
  const argv = kind === 'CMD' ? words : kind === 'CMD-SHELL' ? [...shellOf(config), words.join(' ')] : []
  if (argv.length === 0) return undefined
  return { argv, timeout: Timeout > 0 ? Timeout / nanosecondsPerMillisecond : defaultTimeout }
}

/** SHELL of a Dockerfile decides what shell forms are run with. */
function shellOf(config: RunConfig | undefined): string[] {
  return config?.Shell && config.Shell.length > 0 ? config.Shell : ['/bin/sh', '-c']
}
