/** What can run an image. Each runner hides its engine behind these few words, so that probes are written once. */
import type { CancelOptions } from '../../base/index.ts'
import type { Platform } from '../../oci/index.ts'
import type { ImageReader } from '../../store/index.ts'
import type { Cause } from '../cause/cause.ts'
import type { PlatformImage } from '../platform-image.ts'
import type { LogTail } from '../process/log-tail.ts'
import type { Address } from './address.ts'

export type Execution = { how: 'native' } | { how: 'emulated' } | { how: 'impossible'; cause: Cause }

export interface Runner {
  /** `docker 26.1.5`, `crun 1.8` */
  readonly name: string
  /** the platforms that it was named for; for any when absent */
  readonly platforms?: readonly Platform[]
  /** whether it runs services of compose files */
  readonly composes: boolean
  /** How programs of a platform are executed here. */
  execution(platform: Platform, options: CancelOptions): Promise<Execution>
  /** Makes a platform's image ready to be started. Disposing of it leaves nothing of it behind. */
  prepare(reader: ImageReader, image: PlatformImage, options: CancelOptions): Promise<PreparedImage>
}

/** What was looked for: a runner, or why it cannot be one. */
export type Found<R extends Runner> = { runner: R } | { why: string }

export interface PreparedImage extends AsyncDisposable {
  /** its containers use the machine's own network, unless they are asked not to */
  readonly sharesNetwork: boolean
  /** Starts a container. Aborting the signal does not stop it: disposing of the container does. */
  start(request: StartRequest, options: CancelOptions): Promise<Container>
  /** Runs a service of a compose file as this image; where the runner composes. Throws `SmokeError` `INVALID_PROBE`. */
  compose?(request: ComposeRequest, options: CancelOptions): Promise<Run>
}

export interface StartRequest {
  /** the whole command, instead of the image's entrypoint and arguments */
  argv?: readonly string[]
  env: Readonly<Record<string, string>>
  /** ports of the container that have to be reached */
  ports: readonly number[]
  /** nothing can be written to the root file system */
  readOnly?: boolean
  /** bytes of memory that it may take, as far as the runner can bound that; all when absent */
  memory?: number
  /** a network of its own even where the runner would share the machine's */
  ownNetwork?: boolean
}

export interface ComposeRequest {
  /** absolute path of the compose file */
  file: string
  service: string
  env: Readonly<Record<string, string>>
  readOnly?: boolean
  /** bytes that the service may take, where the file sets no bound itself */
  memory: number
}

/** Something that was started, writes and ends. Disposing of it ends it. */
export interface Run extends AsyncDisposable {
  readonly log: LogTail
  /** Resolves when the first process has ended; never rejects. */
  readonly ended: Promise<Ending>
}

export interface Container extends Run {
  /** Where a port of the container is reached from here; undefined as long as it is not known. */
  address(port: number, options: CancelOptions): Promise<Address | undefined>
  /** Sends a signal such as `SIGTERM` to the container's first process. */
  signal(name: string): Promise<void>
  /** Runs another program in the container, with the container's user, environment and working directory. */
  exec(argv: readonly string[], options: CancelOptions & { timeout: number }): Promise<ExecOutcome>
}

export interface ExecOutcome {
  /** undefined when it did not end in time */
  exitCode: number | undefined
  /** the end of what it wrote */
  output: string
}

/** How a container ended. */
export interface Ending {
  /** 128 + the signal's number when a signal ended it */
  exitCode: number
  /** the kernel ended it for want of memory, as far as the engine knows */
  outOfMemory: boolean
  /** why the engine did not start it at all */
  startFailure?: string
}
