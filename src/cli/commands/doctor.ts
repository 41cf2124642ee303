/** `everyarch doctor` and `everyarch setup`: what a machine needs to build for other CPUs, looked at and repaired. */
import type { Command } from 'commander'
import { collect, commaList } from '../list-flags.ts'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import { resultOptions } from './build.ts'

export interface DoctorFlags {
  platform?: string[]
  tag?: string[]
  builder?: string
  config?: string
  cacheDir?: string
  insecureRegistry?: string[]
  json?: boolean
  debug?: boolean
}

export interface SetupFlags extends DoctorFlags {
  yes?: boolean
  dryRun?: boolean
}

function doctorOptions(command: Command): Command {
  return command
    .option(
      '--platform <list>',
      'platforms to build for, comma-separated (default: those of the configuration)',
      commaList,
    )
    .option('--builder <name>', 'the buildx builder (default: the one that buildx uses)')
    .option('--config <file>', 'configuration file (default: that of the current folder)')
    .option('--cache-dir <folder>', "folder of everyarch's own cache")
}

export const registerDoctor: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('doctor')
    .description('look at everything that builds for other CPUs need of this machine; nothing is changed')
    .option(
      '-t, --tag <reference>',
      'name that images will get: whether its registry lets us in; repeatable',
      collect,
    )
    .option('--insecure-registry <host>', 'registry that is spoken to over plain HTTP; repeatable', collect)
  resultOptions(doctorOptions(command))
    .addHelpText(
      'after',
      `
Looked at: the Docker engine and its image store, buildx, the builder with its nodes and platforms, QEMU's handlers in the
kernel, the registries of the tags, disk space, clock, certificates. Each line says what it means and what repairs it.

Examples:
  everyarch doctor
  everyarch doctor --platform linux/arm64,linux/arm/v7 --tag ghcr.io/acme/shop:1.4.0

Exit codes: 0 nothing is broken (there may be warnings) · 1 something is broken · 2 usage · 130 interrupted`,
    )
    .action(async (flags: DoctorFlags) => {
      const { doctor } = await import('../doctor/doctor.ts')
      finish(await runCommand(context, flags, () => doctor(flags, context)))
    })
}

export const registerSetup: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('setup')
    .description('repair what doctor finds: register QEMU, make a builder for several platforms')
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'show what would be done, and do nothing')
  resultOptions(doctorOptions(command))
    .addHelpText(
      'after',
      `
QEMU comes from the distribution's package where this is a Debian or Ubuntu and you are root, else from the helper container
that Docker's own documentation names. A builder is made with the driver docker-container, called everyarch, and chosen.

Examples:
  everyarch setup --dry-run
  everyarch setup --yes --platform linux/arm64

Exit codes: 0 nothing is broken any more · 1 something still is · 2 not confirmed · 3 a repair failed · 130 interrupted`,
    )
    .action(async (flags: SetupFlags) => {
      const { setup } = await import('../doctor/setup.ts')
      finish(await runCommand(context, flags, () => setup(flags, context)))
    })
}
