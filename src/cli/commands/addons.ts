/** `everyarch addons`: which packages have native code, and what each has for each platform. */
import { InvalidArgumentError, Option } from 'commander'
import { commaList } from '../list-flags.ts'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import type { ProgressFlags } from '../progress.ts'
import { progressOptions } from './build.ts'

export interface AddonsFlags extends ProgressFlags {
  config?: string
  platform?: string[]
  base?: string
  workspace?: string
  libc?: 'glibc' | 'musl'
  node?: string
  omit?: 'dev'
  quick?: boolean
  online?: boolean
  why?: boolean
  cacheDir?: string
  json?: boolean
  debug?: boolean
}

function nodeVersion(text: string): string {
  if (!/^\d+(?:\.\d+){0,2}$/.test(text))
    throw new InvalidArgumentError('give a version such as 22 or 22.11.0')
  return text
}

export const registerAddons: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('addons')
    .description('show which packages have native code, and what each has for each platform')
    .argument('[path]', 'folder of the project', '.')
    .option('--platform <list>', 'platforms, comma-separated (default: linux/amd64,linux/arm64)', commaList)
    .addOption(
      new Option('--libc <library>', 'C library of the image (default: what the base image has)').choices([
        'glibc',
        'musl',
      ]),
    )
    .option('--node <version>', "Node of the image (default: what the project's files ask for)", nodeVersion)
    .option('--base <image>', 'base image, whose name tells the C library and its version')
    .option('--workspace <name>', 'the npm workspace to ship, by name or folder')
    .addOption(new Option('--omit <kind>', 'leave out what only development needs').choices(['dev']))
    .option('--quick', 'open only the packages that the lockfile gives reason to open')
    .option('--online', 'ask servers whether they have the binaries that install scripts would fetch')
    .option('--why', 'show for every package why it is here')
    .option(
      '--config <file>',
      'configuration file (default: everyarch.config.json, or the everyarch key of package.json)',
    )
    .option(
      '--cache-dir <folder>',
      "folder of everyarch's own cache (default: ~/.cache/everyarch, or $EVERYARCH_CACHE_DIR)",
    )
    .option('--json', 'print the report as JSON on standard output')
    .option('--debug', 'show stack traces of failures')
  progressOptions(command)
    .addHelpText(
      'after',
      `
Nothing is installed, run or compiled: package-lock.json and the packages' own files tell.
Exit code 1 when a package that the service needs has neither a binary for a platform nor sources to compile.

Examples:
  everyarch addons
  everyarch addons --platform linux/amd64,linux/arm64,linux/arm/v7 --libc musl
  everyarch addons --online
  everyarch addons services/shop --base node:22-alpine --omit dev --json`,
    )
    .action(async (path: string, flags: AddonsFlags) => {
      const { addons } = await import('../addons/addons.ts')
      finish(await runCommand(context, flags, () => addons(path, flags, context)))
    })
}
