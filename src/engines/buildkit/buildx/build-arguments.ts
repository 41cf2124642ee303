/** The command line of `docker buildx build`. */
import { formatPlatform, type Platform } from '../../../oci/index.ts'
import type { BuildxOptions, DockerfileSource } from '../build-request.ts'
import type { BuildxFeatures } from './buildx-features.ts'

export interface BuildArguments {
  source: Pick<DockerfileSource, 'context' | 'file'>
  platforms: readonly Platform[]
  options: BuildxOptions
  /** a value of `--output` */
  output: string
  metadataFile: string
}

/** Arguments for `docker`; nothing in them gives the result a name. */
export function buildArguments(
  { source, platforms, options, output, metadataFile }: BuildArguments,
  features: BuildxFeatures,
): string[] {
  return [
    'buildx',
    'build',
    `--progress=${features.rawjson ? 'rawjson' : 'plain'}`,
    '--platform',
    platforms.map(formatPlatform).join(','),
    '--file',
    source.file,
    '--output',
    output,
    '--metadata-file',
    metadataFile,
    ...one('--builder', options.builder),
    ...each('--build-arg', options.buildArgs),
    ...each('--secret', options.secrets),
    ...each('--ssh', options.ssh),
    ...one('--target', options.target),
    ...each('--label', options.labels),
    ...each('--annotation', options.annotations),
    ...each('--build-context', options.buildContexts),
    ...(options.noCache ? ['--no-cache'] : []),
    ...(options.pull ? ['--pull'] : []),
    ...one('--network', options.network),
    ...each('--allow', options.allow),
    ...each('--add-host', options.addHosts),
    ...each('--ulimit', options.ulimits),
    ...one('--shm-size', options.shmSize),
    ...each('--cache-from', options.cacheFrom),
    ...each('--cache-to', options.cacheTo),
    ...joined('--sbom', options.sbom),
    ...joined('--provenance', options.provenance),
    ...each('--attest', options.attest),
    source.context,
  ]
}

function one(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : [flag, value]
}

function each(flag: string, values: readonly string[] = []): string[] {
  return values.flatMap((value) => [flag, value])
}

/** Flags whose value is optional take it only behind an equals sign. */
function joined(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${flag}=${value}`]
}
