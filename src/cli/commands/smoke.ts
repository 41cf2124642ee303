/** `everyarch smoke`: each platform of an image is started and probed. */
import { InvalidArgumentError, Option } from 'commander'
import type { RunnerName } from '../../smoke/index.ts'
import type { ProgressFlags } from '../progress.ts'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import { progressOptions, resultOptions } from './build.ts'
import { append, commaList, port, runnerChoices, seconds } from './smoke-options.ts'

export interface SmokeFlags extends ProgressFlags {
  platform?: string[]
  http?: string[]
  tcp?: number[]
  log?: string[]
  env?: string[]
  timeout?: number
  stopTimeout?: number
  retries?: number
  runner: 'auto' | RunnerName
  insecureRegistry?: string[]
  cacheDir?: string
  json?: boolean
  debug?: boolean
}

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('give a whole number')
  return Number(text)
}

export const registerSmoke: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('smoke')
    .description(
      "start each platform's image and probe it: does it run, are its addons sound, does it answer?",
    )
    .argument('<image>', 'REF, oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or docker-daemon:REF')
    .argument('[command...]', 'after --: a command to run in the image, which must end with exit code 0')
    .option('--platform <list>', 'platforms, comma-separated (default: all of the image)', commaList)
    .option(
      '--http <port/path>',
      'start the service and wait for an answer of 200 to 399; repeatable',
      append,
    )
    .option('--tcp <port>', 'start the service and wait until the port opens; repeatable', port)
    .option('--log <text>', 'start the service and wait until it logs a text; repeatable', append)
    .option('--env <name=value>', "variable added to the image's own; repeatable", append)
    .option('--timeout <seconds>', 'for each probe (default: 30, under emulation 180)', seconds)
    .option(
      '--stop-timeout <seconds>',
      'for the end after the stop signal (default: 10, under emulation 40)',
      seconds,
    )
    .option('--retries <number>', 'how often a failed probe is tried again', wholeNumber)
    .addOption(new Option('--runner <runner>', 'what runs the image').choices(runnerChoices).default('auto'))
    .option('--insecure-registry <host>', 'registry that is spoken to over plain HTTP; repeatable', append)
    .option('--cache-dir <folder>', "folder of everyarch's own cache, where images are unpacked for a while")
  progressOptions(command)
  resultOptions(command)
    .addHelpText(
      'after',
      `
Without a command and without --http, --tcp or --log, every native addon that the platform picks is loaded in the image's Node.
A service that was started is stopped with the image's stop signal, and has to end by itself.
Nothing gets a tag, and nothing is left behind: no container, no image, no folder.

Examples:
  everyarch smoke ghcr.io/acme/shop:1.4.0
  everyarch smoke oci:out/image --http 3000/healthz --env LOG_LEVEL=debug
  everyarch smoke oci:out/image --platform linux/arm64 -- node -e "require('./dist/index.js')"
  everyarch smoke oci:out/image --runner crun                       without a container engine

Exit codes: 0 every platform passed · 1 one failed or could not be tested · 2 usage · 3 network, registry or machine`,
    )
    .action(async (image: string, words: string[], flags: SmokeFlags) => {
      const { smoke } = await import('../smoke/smoke.ts')
      finish(await runCommand(context, flags, () => smoke(image, words, flags, context)))
    })
}
