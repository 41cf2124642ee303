/** npm's configuration, read by npm's own library: npmrc files of every level, `npm_config_*`, tokens, proxies, certificates. */
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CancelOptions, messageOf, throwIfAborted } from '../base/index.ts'
import { NpmError } from './npm-error.ts'

export interface LoadNpmConfigOptions extends CancelOptions {
  projectFolder: string
  /** the process's environment: `npm_config_*`, `NODE_EXTRA_CA_CERTS`, `HOME`, `PATH`, proxies */
  env: Readonly<Record<string, string | undefined>>
}

/** npm's configuration for one project. */
export interface NpmConfig {
  readonly projectFolder: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** without trailing slash */
  readonly registry: string
  /** npm's default, which stands for the configured registry wherever a lock records it */
  readonly defaultRegistry: string
  /** npm's content-addressed cache, `_cacache` of its cache folder */
  readonly cacheFolder: string
  readonly ignoreScripts: boolean
  readonly legacyPeerDeps: boolean
  readonly binLinks: boolean
  readonly offline: boolean
  /** what npm tells scripts of settings that are not its defaults, `npm_config_*`: mirrors of downloaders among them */
  readonly scriptVariables: Readonly<Record<string, string>>
  /** options as npm's own libraries take them; a function, because they hold tokens, and functions are not printed */
  readonly flatOptions: () => Readonly<Record<string, unknown>>
}

/** Reads npm's configuration as npm itself would in that folder. Throws `NpmError` `NPM_CONFIG_INVALID`. */
export async function loadNpmConfig(options: LoadNpmConfigOptions): Promise<NpmConfig> {
  const { projectFolder, env, signal } = options
  throwIfAborted(signal)
  const { flat, defaultRegistry, scriptVariables } = await readFlatOptions(options)
  const { registry, cache } = flat
  return {
    projectFolder,
    env,
    registry: registry.replace(/\/+$/, ''),
    defaultRegistry,
    cacheFolder: cache,
    ignoreScripts: flat.ignoreScripts === true,
    legacyPeerDeps: flat.legacyPeerDeps === true,
    binLinks: flat.binLinks !== false,
    offline: flat.offline === true,
    scriptVariables,
    flatOptions: () => flat,
  }
}

interface FlatOptions {
  flat: Record<string, unknown> & { registry: string; cache: string }
  defaultRegistry: string
  scriptVariables: Record<string, string>
}

async function readFlatOptions({ projectFolder, env }: LoadNpmConfigOptions): Promise<FlatOptions> {
  const [{ default: Config }, { default: settings }] = await Promise.all([
    import('@npmcli/config'),
    import('@npmcli/config/lib/definitions/index.js'),
  ])
  const { execPath } = process
  // Loading writes npm's variables for scripts into the environment that it is given.
  const scriptEnv = { ...env }
  const config = new Config({
    definitions: settings.definitions,
    shorthands: settings.shorthands,
    flatten: settings.flatten,
    nerfDarts: settings.nerfDarts,
    npmPath: await npmFolder(execPath),
    argv: [],
    env: scriptEnv,
    execPath,
    cwd: projectFolder,
    warn: false,
  })
  try {
    await config.load()
    config.validate()
    const defaultRegistry = settings.definitions.registry.default
    return { flat: config.flat, defaultRegistry, scriptVariables: variablesOf(scriptEnv) }
  } catch (cause) {
    throw new NpmError('NPM_CONFIG_INVALID', `npm's configuration cannot be used: ${messageOf(cause)}`, {
      kind: 'usage',
      hint: 'look at it with `npm config list`, mend it with `npm config fix` or in .npmrc',
      cause,
    })
  }
}

function variablesOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      /^npm_config_/i.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  )
}

/** The npm that came with this Node: its folder may hold a configuration of its own, as distributions use it. */
async function npmFolder(execPath: string): Promise<string> {
  const beside = dirname(execPath)
  const candidates = [join(beside, '../lib/node_modules/npm'), join(beside, 'node_modules/npm')]
  for (const folder of candidates) {
    const facts = await stat(join(folder, 'package.json')).catch(() => undefined)
    if (facts?.isFile()) return folder
  }
  return candidates[0] as string
}
