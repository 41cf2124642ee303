/** The command line's words for BuildKit, and which flags belong to which engine. */
import { CodedError } from '../../base/index.ts'
import type { BuildxOptions } from '../../engines/buildkit/index.ts'
import type { Configuration } from '../../project/index.ts'
import type { BuildFlags, ImageFlags } from '../commands/build.ts'
import type { BuildkitFlags } from '../commands/buildkit-options.ts'

/** Labels and annotations are the configuration's, where those of flags and files come together. */
export function buildxOptions(flags: BuildFlags): BuildxOptions {
  return {
    ...(flags.builder === undefined ? {} : { builder: flags.builder }),
    ...(flags.target === undefined ? {} : { target: flags.target }),
    ...(flags.network === undefined ? {} : { network: flags.network }),
    ...(flags.sbom === undefined ? {} : { sbom: String(flags.sbom) }),
    ...(flags.provenance === undefined ? {} : { provenance: String(flags.provenance) }),
    buildArgs: flags.buildArg ?? [],
    secrets: flags.secret ?? [],
    ssh: flags.ssh ?? [],
    buildContexts: flags.buildContext ?? [],
    allow: flags.allow ?? [],
    addHosts: flags.addHost ?? [],
    ulimits: flags.ulimit ?? [],
    ...(flags.shmSize === undefined ? {} : { shmSize: flags.shmSize }),
    cacheFrom: flags.cacheFrom ?? [],
    cacheTo: flags.cacheTo ?? [],
    attest: flags.attest ?? [],
    noCache: flags.cache === false,
    pull: flags.pull ?? false,
  }
}

const ofBuildkit: readonly (keyof BuildkitFlags)[] = [
  'file',
  'bake',
  'builder',
  'target',
  'buildArg',
  'secret',
  'ssh',
  'buildContext',
  'pull',
  'network',
  'allow',
  'addHost',
  'ulimit',
  'shmSize',
  'cacheFrom',
  'cacheTo',
  'sbom',
  'provenance',
  'attest',
  'optimize',
  'emulationTimeout',
]

const ofDirect: readonly (keyof ImageFlags)[] = [
  'base',
  'debianMirror',
  'compression',
  'compressionLevel',
  'env',
  'user',
  'workdir',
  'entrypoint',
  'cmd',
  'port',
]

/** `buildArg` as it is typed: `--build-arg`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** A flag that the engine would have to ignore is a mistake. Throws `CodedError` `INVALID_FLAG`. */
export function refuseForeignFlags(engine: 'direct' | 'buildkit', flags: BuildFlags): void {
  const foreign = (engine === 'direct' ? ofBuildkit : ofDirect).find((name) => flags[name] !== undefined)
  if (foreign === undefined) return
  const flag = flagOf(foreign)
  throw new CodedError('INVALID_FLAG', `${flag} means nothing to the ${engine} engine`, {
    kind: 'usage',
    hint:
      engine === 'direct'
        ? 'it is for builds from a Dockerfile: add one, name it with --file, or leave the flag away'
        : 'the Dockerfile says it; or leave the Dockerfile aside: --engine direct',
    details: { flag, engine },
  })
}

const configuredForDirect = ['base', 'build', 'include', 'compression', 'compressionLevel'] as const

/** Keys of the configuration that the Dockerfile stands for. */
export function unusedConfiguration(configuration: Configuration): string[] {
  const { labels: _labels, annotations: _annotations, ...rest } = configuration.image ?? {}
  return [
    ...configuredForDirect.filter((key) => configuration[key] !== undefined),
    ...Object.keys(rest).map((key) => `image.${key}`),
  ]
}
