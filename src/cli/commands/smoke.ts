/** `everyarch smoke`: each platform of an image is started and probed. */
import { type Command, InvalidArgumentError } from 'commander'
import type { ProgressFlags } from '../progress.ts'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import type { ProbeFlags } from '../smoke/probes-of.ts'
import { progressOptions, resultOptions } from './build.ts'
import { append, commaList, port, seconds } from './smoke-options.ts'

export interface SmokeFlags extends ProgressFlags, ProbeFlags {
  platform?: string[]
  config?: string
  runner?: string[]
  parallel?: number
  insecureRegistry?: string[]
  cacheDir?: string
  json?: boolean
  debug?: boolean
}

function secondsOrNone(text: string): number {
  return text === '0' ? 0 : seconds(text)
}

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('give a whole number')
  return Number(text)
}

function positive(text: string): number {
  const number = wholeNumber(text)
  if (number === 0) throw new InvalidArgumentError('give a number from 1 on')
  return number
}

/** What is asked of each platform's image. */
function probeOptions(command: Command): Command {
  return command
    .option(
      '--http <port/path>',
      'start the service and wait for an answer of 200 to 399; repeatable',
      append,
    )
    .option('--http-status <status>', 'status that --http has to answer', wholeNumber)
    .option('--http-body <text>', 'what the body of --http has to hold: a text, or /pattern/')
    .option('--http-header <name:text>', 'what a header of --http has to hold; repeatable', append)
    .option('--tcp <port>', 'start the service and wait until the port opens; repeatable', port)
    .option(
      '--log <text>',
      'start the service and wait until it logs a text or /pattern/; repeatable',
      append,
    )
    .option('--healthcheck', "start the service and wait until the image's HEALTHCHECK succeeds")
    .option('--exit-code <code>', 'exit code that the command has to end with (default: 0)', wholeNumber)
    .option('--expect-output <text>', 'what the output of the command has to hold: a text, or /pattern/')
    .option('--compose <file:service>', 'run a service of a compose file as the image; repeatable', append)
    .option('--addons', 'load every native addon, besides what else is asked')
    .option('--env <name=value>', "variable added to the image's own; repeatable", append)
    .option('--read-only', 'nothing can be written to the root file system')
    .option('--memory <size>', 'memory that each container may take, such as 512m (default: 2g)')
    .option(
      '--timeout <seconds>',
      'for each probe (default: 30, for compose 300); six times as long under emulation',
      seconds,
    )
    .option('--stable-for <seconds>', 'how long a service has to run at least (default: 3)', secondsOrNone)
    .option(
      '--stop-timeout <seconds>',
      'for the end after the stop signal (default: 10); six times as long under emulation',
      seconds,
    )
    .option('--retries <number>', 'how often a failed probe is tried again', wholeNumber)
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
      '--config <file>',
      'configuration file, for its smoke and runners (default: that of the working directory)',
    )
  probeOptions(command)
    .option(
      '--runner <runner>',
      `what runs the images: auto, docker, podman, crun, runc or unshare (default: auto); or PLATFORM=ADDRESS for a Docker
engine that runs one platform, by address or context; repeatable`,
      append,
    )
    .option('--parallel <number>', 'platforms at once (default: by processors and memory)', positive)
    .option('--insecure-registry <host>', 'registry that is spoken to over plain HTTP; repeatable', append)
    .option('--cache-dir <folder>', "folder of everyarch's own cache, where images are unpacked for a while")
  progressOptions(command)
  resultOptions(command)
    .addHelpText(
      'after',
      `
Without a question on the command line, the probes of the configuration's "smoke" are made; with none there either, every native
addon that the platform picks is loaded in the image's Node. A service that was started is stopped with the image's stop signal, and has to end by itself.
Nothing gets a tag, and nothing is left behind: no container, no image, no folder.

Examples:
  everyarch smoke ghcr.io/acme/shop:1.4.0
  everyarch smoke oci:out/image --http 3000/healthz --http-body '"ok":true' --env LOG_LEVEL=debug
  everyarch smoke oci:out/image --platform linux/arm64 -- node -e "require('./dist/index.js')"
  everyarch smoke oci:out/image --compose compose.test.yaml:tests   with its databases beside it
  everyarch smoke oci:out/image --runner crun                       without a container engine
  everyarch smoke shop:1.4.0 --http 3000 --runner linux/arm64=ssh://ci@arm.example

Exit codes: 0 every platform passed · 1 one failed or could not be tested · 2 usage · 3 network, registry or machine`,
    )
    .action(async (image: string, words: string[], flags: SmokeFlags) => {
      const { smoke } = await import('../smoke/smoke.ts')
      finish(await runCommand(context, flags, () => smoke(image, words, flags, context)))
    })
}
