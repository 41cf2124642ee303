/** `everyarch publish`: images of single platforms, built on several machines, become one tagged image. */
import type { ProgressFlags } from '../progress.ts'
import type { RegisterCommand } from '../program.ts'
import { runCommand } from '../run-command.ts'
import { progressOptions, resultOptions } from './build.ts'
import { append, commaList, type SmokeGateFlags, smokeGateOptions } from './smoke-options.ts'

export interface PublishFlags extends ProgressFlags, SmokeGateFlags {
  tag?: string[]
  platform?: string[]
  config?: string
  metadataFile?: string
  iidfile?: string
  insecureRegistry?: string[]
  cacheDir?: string
  json?: boolean
  debug?: boolean
}

export const registerPublish: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('publish')
    .description('merge images that were pushed by digest into one, prove what is not proved yet, and tag it')
    .argument('<image...>', 'digest files of `everyarch build --push-by-digest`, or REPOSITORY@sha256:…')
    .option('-t, --tag <reference>', 'name for the result; repeatable', append)
    .option(
      '--platform <list>',
      'platforms that the result must have, no more and no fewer, comma-separated',
      commaList,
    )
    .option('--config <file>', 'configuration file (default: that of the current folder)')
    .option('--metadata-file <file>', 'write digests as JSON, with the keys of docker buildx')
    .option('--iidfile <file>', 'write the digest of the index to a file')
    .option('--insecure-registry <host>', 'registry that is spoken to over plain HTTP; repeatable', append)
    .option('--cache-dir <folder>', "folder of everyarch's own cache")
  smokeGateOptions(command)
  progressOptions(command)
  resultOptions(command)
    .addHelpText(
      'after',
      `
The index is written once, from exactly the images that are given; nothing is appended to what a tag points at. A digest file
vouches for what its machine verified and tested; references are verified and tested here.

Examples:
  everyarch publish --tag ghcr.io/acme/shop:1.4.0 amd64.json arm64.json
  everyarch publish --tag ghcr.io/acme/shop:1.4.0 --tag ghcr.io/acme/shop:latest --platform linux/amd64,linux/arm64 *.json
  everyarch publish --tag ghcr.io/acme/shop:1.4.0 ghcr.io/acme/shop@sha256:51aa… ghcr.io/acme/shop@sha256:c07d…

Exit codes: 0 published · 1 the gate stayed closed · 2 usage · 3 network, registry or machine · 130 interrupted`,
    )
    .action(async (images: string[], flags: PublishFlags) => {
      const { publish } = await import('../publish/publish.ts')
      finish(await runCommand(context, flags, () => publish(images, flags, context)))
    })
}
