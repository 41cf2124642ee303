/** What the files are written from: everything that was found in the project, and nothing that has to be looked up. */

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'yarn-classic' | 'bun'

export interface ManagerFacts {
  readonly name: PackageManager
  /** exact, or a major when the project names none: what is installed in the build stages */
  readonly version: string
  /** undefined when there is none yet: then installs are not reproducible */
  readonly lockfile?: string
}

/** An addon that has no binary for the target before something was run for it. */
export interface UnpreparedAddon {
  readonly name: string
  readonly version?: string
  /** `compile`: there are only sources; `download`: its install script fetches a binary and compiles where there is none */
  readonly how: 'compile' | 'download'
  /** Debian packages of the target with headers and libraries to compile against: `libssl-dev` */
  readonly headers: readonly string[]
  /** Debian packages that the compiled addon needs when it runs: `libpq5` */
  readonly libraries: readonly string[]
}

/** A package of the repository, the app's own or one that it depends on. */
export interface PackageFacts {
  /** relative to the root, `''` for the root itself */
  readonly folder: string
  readonly contents: PackageContents
}

/** What of a package goes into the image, apart from dependencies. */
export type PackageContents =
  /** nothing is built: the sources as they are */
  | { readonly kind: 'sources' }
  /** the folders that the build writes, and others that the service reads when it runs */
  | {
      readonly kind: 'folders'
      readonly built: readonly string[]
      readonly beside: readonly string[]
      /** single files beside them, such as next.config.js */
      readonly files: readonly string[]
    }
  /** everything that is there after the build, because nobody said where it writes */
  | { readonly kind: 'everything' }
  | { readonly kind: 'next-standalone'; readonly hasPublic: boolean }

export interface HealthFacts {
  readonly port: number
  /** `/healthz`; undefined when no path of the service is known: then only the port is looked at */
  readonly path?: string
}

export interface ProjectFacts {
  /** of the service: lower case, usable as an image name */
  readonly name: string
  readonly manager: ManagerFacts
  /** as far as the project pins it: `22`, `22.11.0` */
  readonly nodeVersion: string
  readonly base: string
  /** `os/architecture[/variant]` */
  readonly platforms: readonly string[]
  /** whether there are dependencies to install: of the service when it runs, and of any kind */
  readonly dependencies: { readonly production: boolean; readonly any: boolean }
  /** files that an install reads, relative to the root: package.json of each package, lockfile, settings, patches */
  readonly installFiles: readonly string[]
  /** a .npmrc with credentials: it comes into the build as a secret and stays in no layer */
  readonly secretNpmrc: boolean
  /** variables with tokens that .npmrc refers to: `NPM_TOKEN` */
  readonly npmrcVariables: readonly string[]
  /** what it is made with, when that shapes the image */
  readonly framework?: 'next' | 'next-standalone'
  /** names of the root's own install scripts that do something for an image: `postinstall` */
  readonly installScripts: readonly string[]
  /** commands that build, in order, run in the root; empty when nothing is built */
  readonly build: readonly string[]
  /** the app first, then the workspaces that it needs */
  readonly packages: readonly [PackageFacts, ...PackageFacts[]]
  /** name of the app's package, for managers that install for one workspace; undefined for the root */
  readonly workspaceName?: string
  /** exec form, relative to the app's folder */
  readonly start: readonly string[]
  /** its sources speak of SIGTERM: as process 1 it ends when it is told to */
  readonly handlesSigterm: boolean
  readonly startEnvironment: Readonly<Record<string, string>>
  readonly health?: HealthFacts
  readonly addons: readonly UnpreparedAddon[]
}

/** Whether something has to be built before the service can start. */
export function isBuilt({ build }: ProjectFacts): boolean {
  return build.length > 0
}

/** The app itself. */
export function appOf({ packages }: ProjectFacts): PackageFacts {
  return packages[0]
}

/** Secrets that the installs of a Dockerfile need, as `--secret` takes them. */
export function secretFlags({ secretNpmrc, npmrcVariables }: ProjectFacts): string[] {
  return [
    ...(secretNpmrc ? ['--secret id=npmrc,src=.npmrc'] : []),
    ...npmrcVariables.map((name) => `--secret id=${name},env=${name}`),
  ]
}

/** The C library of a base image, by its name: Alpine's is musl. */
export function libcOf(base: string): 'glibc' | 'musl' {
  return /alpine/iu.test(base) ? 'musl' : 'glibc'
}
