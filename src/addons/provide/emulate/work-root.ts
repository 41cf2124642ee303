/** What compiling in a root of the base image asks of whoever can start programs in one. */
import type { CancelOptions, Source } from '../../../base/index.ts'
import type { Descriptor, ImageConfig, Platform } from '../../../oci/index.ts'

/** What a root is made of. */
export interface RootSource {
  /** for messages */
  name: string
  config: ImageConfig
  layers: readonly Descriptor[]
  blob(descriptor: Descriptor): Source
}

export interface WorkRoot extends AsyncDisposable {
  /** its folder on this machine, to put files into and to take them out of */
  path: string
  /** Runs a shell command in it, as its root user, to its end; `lines` are the last ones that it wrote. */
  run(
    command: string,
    env: Readonly<Record<string, string>>,
    options: CancelOptions,
  ): Promise<{ exitCode: number; lines: readonly string[] }>
}

export type RootExecution =
  | { how: 'native' | 'emulated' }
  | { how: 'impossible'; cause: { text: string; hint?: string } }

export interface WorkRoots {
  /** How programs of a platform are run in a root on this machine. */
  execution(platform: Platform, options: CancelOptions): Promise<RootExecution>
  /** Makes a root. Disposing of it leaves nothing of it, nor does a killed process. */
  open(source: RootSource, options: CancelOptions): Promise<WorkRoot>
}
