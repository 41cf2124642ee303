/** What BuildKit is asked to build. */
import type { Platform, Reference } from '../../oci/index.ts'

/** Options of `docker buildx build` that keep its meaning; lists are given once for each element, as written. */
export interface BuildxOptions {
  /** `--builder` */
  builder?: string
  /** `--build-arg NAME=VALUE`, or `NAME` for the variable of that name */
  buildArgs?: readonly string[]
  /** `--secret id=npmrc,src=…` */
  secrets?: readonly string[]
  /** `--ssh default` */
  ssh?: readonly string[]
  /** `--target` */
  target?: string
  /** `--label NAME=VALUE` */
  labels?: readonly string[]
  /** `--annotation NAME=VALUE` */
  annotations?: readonly string[]
  /** `--build-context NAME=…` */
  buildContexts?: readonly string[]
  /** `--no-cache` */
  noCache?: boolean
  /** `--pull` */
  pull?: boolean
  /** `--network` */
  network?: string
  /** `--allow` */
  allow?: readonly string[]
  /** `--add-host` */
  addHosts?: readonly string[]
  /** `--ulimit nofile=1024:2048` */
  ulimits?: readonly string[]
  /** `--shm-size` */
  shmSize?: string
  /** `--cache-from`, completed by us (`cacheArguments`) */
  cacheFrom?: readonly string[]
  /** `--cache-to`, completed by us (`cacheArguments`) */
  cacheTo?: readonly string[]
  /** `--sbom` */
  sbom?: string
  /** `--provenance` */
  provenance?: string
  /** `--attest` */
  attest?: readonly string[]
}

/** A Dockerfile and its context. */
export interface DockerfileSource {
  /** absolute folder, or what else buildx takes for a context */
  context: string
  /** absolute path of the file that is built */
  file: string
  /** its text */
  text: string
  /** its name for people, relative to the project */
  name: string
}

export interface BuildkitRequest {
  source: DockerfileSource
  platforms: readonly Platform[]
  options: BuildxOptions
  /** whether only some of the image's platforms are built here, others elsewhere: caches are kept apart then */
  partial?: boolean
  /**
   * Where the image goes at the end. A builder that is not on this machine puts it there directly, by digest and without a
   * name, instead of sending it here and back.
   */
  repository?: Reference
  limits?: BuildLimits
}

export interface BuildLimits {
  /** milliseconds that an emulated step may print nothing before the build is stopped; 0 is no limit, absent 15 minutes */
  silentEmulation?: number
  /** bytes of build context above which a warning names what is large; absent 200 MB */
  contextWarning?: number
}
