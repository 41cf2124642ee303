/** The command line's words for BuildKit, and which flags belong to which engine. */
import { CodedError } from '../../base/index.ts'
import type { BuildxOptions } from '../../engines/buildkit/index.ts'
import type { Configuration } from '../../project/index.ts'
import type { BuildFlags, ImageFlags } from '../commands/build.ts'
import type { BuildkitFlags } from '../commands/buildkit-options.ts'

/** `configuration` has labels and annotations of flags and files together. */
export function buildxOptions(flags: BuildFlags, { image = {} }: Configuration): BuildxOptions {
  const pairs = (values: Record<string, string>) =>
    Object.entries(values).map(([name, value]) => `${name}=${value}`)
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
    cacheFrom: flags.cacheFrom ?? [],
    cacheTo: flags.cacheTo ?? [],
    attest: flags.attest ?? [],
    labels: pairs(image.labels ?? {}),
    annotations: pairs(image.annotations ?? {}),
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

/** A flag that the engine would have to ignore is a mistake. Throws `CodedError` `INVALID_FLAG`. */
export function refuseForeignFlags(engine: 'direct' | 'buildkit', flags: BuildFlags): void {
  const foreign = (engine === 'direct' ? ofBuildkit : ofDirect).find((name) => flags[name] !== undefined)
  if (foreign === undefined) return
  const flag = `--${foreign.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
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
