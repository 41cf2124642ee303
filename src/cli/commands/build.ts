/** `everyarch build`: from the command line's words to a build request, and from its report to text and exit code. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { runCommand } from '../run-command.ts'
import { type BuildkitFlags, buildkitOptions } from './buildkit-options.ts'
import { type SmokeGateFlags, smokeGateOptions } from './smoke-options.ts'
import type { ProgressFlags } from '../progress.ts'
import type { RegisterCommand } from '../program.ts'

/** What the image is made of: flags that `build` and `plan` share. */
export interface ImageFlags {
  config?: string
  platform?: string[]
  base?: string
  debianMirror?: string
  workspace?: string
  engine: 'auto' | 'direct' | 'buildkit'
  compression?: 'gzip' | 'zstd'
  compressionLevel?: number
  env?: string[]
  label?: string[]
  annotation?: string[]
  user?: string
  workdir?: string
  entrypoint?: string
  cmd?: string
  port?: string[]
  cacheDir?: string
  insecureRegistry?: string[]
  json?: boolean
  debug?: boolean
}

export interface BuildFlags extends ImageFlags, BuildkitFlags, ProgressFlags, SmokeGateFlags {
  tag?: string[]
  push?: boolean
  pushByDigest?: boolean
  digestFile?: string
  output?: string[]
  metadataFile?: string
  iidfile?: string
  cache?: boolean
}

const collect = (value: string, previous: string[] = []) => [...previous, value]
const commaList = (value: string, previous: string[] | undefined) => [
  ...(previous ?? []),
  ...value.split(','),
]

function level(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 19) {
    throw new InvalidArgumentError('give a whole number: 1 to 9 for gzip, 1 to 19 for zstd')
  }
  return number
}

/** Options that `build` and `plan` share: what the image is made of. */
export function imageOptions(command: Command): Command {
  return command
    .optionsGroup('Image:')
    .option(
      '--config <file>',
      'configuration file (default: everyarch.config.json, or the everyarch key of package.json)',
    )
    .option('--platform <list>', 'platforms, comma-separated (default: linux/amd64,linux/arm64)', commaList)
    .option(
      '--base <image>',
      'base image: a reference, oci:DIR, or assemble:SUITE to make one of Debian packages (default: node:<major>-slim)',
    )
    .option(
      '--debian-mirror <url>',
      'mirror for an assembled base (default: the apt sources of this machine)',
    )
    .option('--workspace <name>', 'the npm workspace to ship, by name or folder')
    .addOption(
      new Option(
        '--engine <engine>',
        'how images are made: buildkit builds the Dockerfile, direct needs none (auto: what the project has)',
      )
        .choices(['auto', 'direct', 'buildkit'])
        .default('auto'),
    )
    .option('--env <name=value>', 'variable of the image; repeatable', collect)
    .option('--label <name=value>', 'label of the image; repeatable', collect)
    .option('--annotation <name=value>', 'annotation of index and manifests; repeatable', collect)
    .option('--user <user>', 'user that the service runs as (default: node, when the base has it)')
    .option('--workdir <path>', 'folder of the app in the image (default: /app)')
    .option('--entrypoint <words>', 'entrypoint: words, or a JSON array')
    .option('--cmd <words>', 'command: words, or a JSON array')
    .option('--port <port>', 'port that the service listens on, such as 8080 or 53/udp; repeatable', collect)
    .addOption(new Option('--compression <kind>', 'compression of our layers').choices(['gzip', 'zstd']))
    .option('--compression-level <level>', 'compression level (default: measured for each kind)', level)
    .option('--insecure-registry <host>', 'registry that is spoken to over plain HTTP; repeatable', collect)
    .option(
      '--cache-dir <folder>',
      "folder of everyarch's own cache (default: ~/.cache/everyarch, or $EVERYARCH_CACHE_DIR)",
    )
}

/** How a command tells its result. */
export function resultOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('--json', 'print the report as JSON on standard output')
    .option('--debug', 'show stack traces of failures')
}

/** How a command that works for a while shows what it does. */
export function progressOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .addOption(
      new Option('--progress <kind>', 'how progress is shown on standard error')
        .choices(['auto', 'tty', 'plain', 'json', 'quiet'])
        .default('auto'),
    )
    .option('--verbose', 'show all output of the programs that are run')
}

export const registerBuild: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('build')
    .description('build, prove and publish the image of a Node.js service for every platform')
    .argument('[path...]', 'folder of the project (default: .), or targets of a bake file')
  imageOptions(command)
    .optionsGroup('Results:')
    .option('-t, --tag <reference>', 'name for the result; repeatable', collect)
    .option('--push', 'publish to the registry of each --tag once everything is proved')
    .option(
      '--push-by-digest',
      'send the proved image to the repository of each --tag, and move no tag: `everyarch publish` does',
    )
    .option('--digest-file <file>', 'write what was pushed by digest and proved, for `everyarch publish`')
    .option(
      '-o, --output <place>',
      'write the image to oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or docker-daemon:REF; repeatable',
      collect,
    )
    .option(
      '--no-cache',
      'run the build again even when nothing changed, with freshly installed dependencies, and ask mirrors again',
    )
    .option('--metadata-file <file>', 'write digests as JSON, with the keys of docker buildx')
    .option('--iidfile <file>', 'write the digest of the index to a file')
  buildkitOptions(command)
  smokeGateOptions(command)
  progressOptions(command)
  resultOptions(command)
    .addHelpText(
      'after',
      `
Nothing is tagged, in a registry or elsewhere, before every platform's image is complete and its binaries are proved, those of
all targets. What is
pushed was also started: each platform's native addons are loaded, or what --smoke-… and the configuration's "smoke" ask for.

Examples:
  everyarch build --tag ghcr.io/acme/shop:1.4.0 --push
  everyarch build --tag ghcr.io/acme/shop:1.4.0 --push --smoke-http 3000/healthz
  everyarch build --tag ghcr.io/acme/shop --platform linux/arm64 --push-by-digest --digest-file arm64.json
  everyarch build services/api --platform linux/amd64,linux/arm64,linux/arm/v7 -o oci:out/api
  everyarch build --base assemble:bookworm -o oci-archive:shop.tar      without any container registry
  everyarch build --base oci:bases/node22 -o docker-daemon:shop:dev
  everyarch build --bake docker-bake.hcl api web --push
  everyarch build --file Dockerfile --builder farm --cache-to type=gha --tag ghcr.io/acme/shop:1.4.0 --push

Exit codes: 0 published · 1 the gate stayed closed or the build script failed · 2 usage or configuration
            3 network, registry or machine · 130 interrupted`,
    )
    .action(async (paths: string[], flags: BuildFlags) => {
      const { build } = await import('../build/build.ts')
      finish(await runCommand(context, flags, () => build(paths, flags, context)))
    })
}
