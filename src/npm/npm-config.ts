import { type CancelOptions, InternalError } from '../base/index.ts'

export interface LoadNpmConfigOptions extends CancelOptions {
  projectFolder: string
  /** the process's environment: `npm_config_*`, `NODE_EXTRA_CA_CERTS`, `HOME`, `PATH`, proxies */
  env: Readonly<Record<string, string | undefined>>
}

/** npm's configuration for one project: builtin, global, user and project npmrc, and the environment. */
export interface NpmConfig {
  readonly projectFolder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly registry: string
  /** npm's content-addressed cache, `_cacache` of its cache folder */
  readonly cacheFolder: string
  readonly ignoreScripts: boolean
  readonly legacyPeerDeps: boolean
  readonly binLinks: boolean
  readonly offline: boolean
  /** what configuration (not the command line) says to leave out */
  readonly omit: readonly ('dev' | 'optional' | 'peer')[]
  /** options as npm's own libraries take them; holds tokens, never to be printed */
  readonly flat: Readonly<Record<string, unknown>>
}

/** Reads npm's configuration as npm itself would in that folder. Throws `NpmError` `NPM_CONFIG_INVALID`. */
export async function loadNpmConfig(options: LoadNpmConfigOptions): Promise<NpmConfig> {
  throw new InternalError(`not written yet ${options.projectFolder}`)
}
