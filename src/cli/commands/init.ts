/** `everyarch init`: writes Dockerfile, pipeline and configuration for a project. */
import { InvalidArgumentError, Option } from 'commander'
import {
  type CiService,
  ciServices,
  type PipelineShape,
  pipelineShapes,
  type RegistryKind,
  type ScaffoldPart,
  scaffoldParts,
} from '../../scaffold/index.ts'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import { resultOptions } from './build.ts'
import { commaList } from './smoke-options.ts'

export interface InitFlags {
  yes?: boolean
  dryRun?: boolean
  force?: boolean
  fromDockerfile?: boolean
  ci?: CiService
  shape?: PipelineShape
  registry?: RegistryKind
  image?: string
  platform?: string[]
  base?: string
  workspace?: string
  cmd?: string
  only?: ScaffoldPart[]
  cacheDir?: string
  json?: boolean
  debug?: boolean
}

const registries = [
  'ghcr',
  'docker-hub',
  'ecr',
  'gar',
  'acr',
  'gitlab',
  'other',
] as const satisfies RegistryKind[]

function parts(text: string, previous: ScaffoldPart[] = []): ScaffoldPart[] {
  const known = new Set<string>(scaffoldParts)
  const isPart = (word: string): word is ScaffoldPart => known.has(word)
  const words = text.split(',').map((word) => word.trim())
  const wrong = words.find((word) => !isPart(word))
  if (wrong !== undefined) throw new InvalidArgumentError(`${wrong} is none of ${scaffoldParts.join(', ')}`)
  return [...previous, ...words.filter(isPart)]
}

export const registerInit: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('init')
    .description('look at a project and write its Dockerfile, .dockerignore, CI pipeline and configuration')
    .argument('[path]', 'folder of the project', '.')
    .option('-y, --yes', 'ask nothing: take what was found')
    .option('--dry-run', 'write nothing: print what would change, as a diff')
    .option('--force', 'replace files that are there and differ')
    .option('--only <list>', `only these: ${scaffoldParts.join(', ')}; comma-separated`, parts)
    .addOption(
      new Option('--ci <service>', 'for which CI service (default: the one that is used)').choices(
        ciServices,
      ),
    )
    .addOption(
      new Option('--shape <shape>', 'shape of the pipeline (default: what the project needs)').choices(
        pipelineShapes,
      ),
    )
    .option('--image <name>', 'where the image goes, without a tag: ghcr.io/acme/shop')
    .addOption(
      new Option('--registry <kind>', 'the same by the kind of registry, under the names of git').choices(
        registries,
      ),
    )
    .option('--platform <list>', 'platforms, comma-separated (default: linux/amd64,linux/arm64)', commaList)
    .option('--base <image>', 'base image of the Dockerfile (default: node:<version>-trixie-slim)')
    .option('--workspace <name>', 'the workspace that is the service, by name or folder')
    .option('--cmd <words>', 'how the service starts, when package.json does not say it')
    .option('--from-dockerfile', 'improve the Dockerfile that is there instead of writing one')
    .option('--cache-dir <folder>', "folder of everyarch's own cache, where packages' facts are remembered")
  resultOptions(command)
    .addHelpText(
      'after',
      `
A file that is there and differs is never replaced without asking: on a terminal it asks, elsewhere the file stays (--force).

Shapes of a pipeline
  direct     one job; no Docker, no emulator: everyarch makes the images itself
  split      a machine of each CPU builds, tests and pushes its image by digest; one job merges and tags
  emulated   one job with QEMU and buildx, for CPUs that no machine is there for

Examples:
  everyarch init
  everyarch init --yes --ci gitlab --only ci
  everyarch init --dry-run --registry ecr --shape split
  everyarch init --from-dockerfile

Exit codes: 0 written, or nothing to do · 2 usage or project · 3 a file cannot be written · 130 interrupted`,
    )
    .action(async (path: string, flags: InitFlags) => {
      const { init } = await import('../init/init.ts')
      finish(await runCommand(context, flags, () => init(path, flags, context)))
    })
}
