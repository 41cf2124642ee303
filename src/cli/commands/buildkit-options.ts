/** Options of builds from a Dockerfile: those of `docker buildx build` keep its meaning. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { append } from './smoke-options.ts'

export interface BuildkitFlags {
  file?: string
  /** a bake file; the command's arguments are then targets and groups of it */
  bake?: string
  builder?: string
  target?: string
  buildArg?: string[]
  secret?: string[]
  ssh?: string[]
  buildContext?: string[]
  pull?: boolean
  network?: string
  allow?: string[]
  addHost?: string[]
  ulimit?: string[]
  shmSize?: string
  cacheFrom?: string[]
  cacheTo?: string[]
  sbom?: string | true
  provenance?: string | true
  attest?: string[]
  optimize?: 'code' | 'packages' | true
  /** milliseconds */
  emulationTimeout?: number
}

function minutes(text: string): number {
  const number = Number(text)
  if (!(number >= 0) || number > 1440)
    throw new InvalidArgumentError('give minutes, such as 30; 0 is no limit')
  return Math.round(number * 60_000)
}

export function buildkitOptions(command: Command): Command {
  return command
    .optionsGroup('Builds from a Dockerfile, with the meaning they have for docker buildx:')
    .option('-f, --file <file>', 'the Dockerfile (default: Dockerfile in the folder)')
    .option(
      '--bake <file>',
      'a bake file; the arguments are then targets and groups of it (default: default)',
    )
    .option('--builder <name>', 'the buildx builder (default: the one that buildx uses)')
    .option('--target <stage>', 'stage of the Dockerfile that becomes the image')
    .option('--build-arg <name=value>', 'build argument; repeatable', append)
    .option(
      '--secret <spec>',
      'secret for RUN --mount=type=secret: id=NAME,src=FILE or env=VARIABLE; repeatable',
      append,
    )
    .option(
      '--ssh <spec>',
      'SSH agent or keys for RUN --mount=type=ssh: default, or ID=PATH; repeatable',
      append,
    )
    .option('--build-context <name=place>', 'further build context; repeatable', append)
    .option('--pull', 'look for newer base images')
    .option('--network <mode>', 'network of RUN steps: default, host or none')
    .option('--allow <entitlement>', 'network.host or security.insecure; repeatable', append)
    .option('--add-host <host:ip>', 'host name for RUN steps; repeatable', append)
    .option('--ulimit <name=soft:hard>', 'limit of RUN steps; repeatable', append)
    .option('--shm-size <size>', 'size of /dev/shm of RUN steps')
    .option(
      '--cache-from <spec>',
      'cache to read, such as type=gha or type=registry,ref=…; repeatable',
      append,
    )
    .option(
      '--cache-to <spec>',
      'cache to write; mode=max, and a place for each platform that is built apart; repeatable',
      append,
    )
    .addOption(
      new Option(
        '--optimize [level]',
        'build a rewritten Dockerfile without needless emulation; the first time its image is compared with the original’s (level: code, or packages)',
      ).choices(['code', 'packages']),
    )
    .option('--sbom [spec]', 'attach an SBOM')
    .option('--provenance [spec]', 'attach provenance: true, false, mode=max (default: what buildx does)')
    .option('--attest <spec>', 'attach an attestation; repeatable', append)
    .option(
      '--emulation-timeout <minutes>',
      'stop the build when an emulated step prints nothing for so long (default: 15; 0: never)',
      minutes,
    )
}
