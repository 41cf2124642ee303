/** `everyarch verify`: is this image, from anywhere, sound on every platform that it is for? */
import { collect, commaList } from '../list-flags.ts'
import type { RegisterCommand } from '../program.ts'
import type { ProgressFlags } from '../progress.ts'
import { runCommand } from '../run-command.ts'
import { progressOptions } from './build.ts'

export interface VerifyFlags extends ProgressFlags {
  platform?: string[]
  requirePlatforms?: string[]
  expectTagDigest?: string
  base?: string
  ignore?: string[]
  kubernetes?: string[]
  compose?: string[]
  config?: string
  insecureRegistry?: string[]
  cacheDir?: string
  json?: boolean
  sarif?: boolean
  github?: boolean
  debug?: boolean
}

export const registerVerify: RegisterCommand = (program, context, finish) => {
  const command = program
    .command('verify')
    .description('prove from its bytes that an image is sound on every platform, without running it')
    .argument('[image...]', 'REF, oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or docker-daemon:REF')
    .option(
      '--platform <list>',
      'verify these platforms only, comma-separated; each must be there',
      commaList,
    )
    .option('--require-platforms <list>', 'platforms that the image must have, comma-separated', commaList)
    .option(
      '--expect-tag-digest <digest>',
      'digest that the image must have, or an image that must be the same',
    )
    .option('--base <image>', 'base image that was verified before: its files are not checked again')
    .option('--kubernetes <file>', 'verify the images of a Kubernetes manifest; repeatable', collect)
    .option('--compose <file>', 'verify the images of a compose file; repeatable', collect)
    .option(
      '--ignore <rule[=path]>',
      'a finding that is accepted, with * and ** for any path; repeatable',
      collect,
    )
    .option('--json', 'print the report as JSON on standard output')
    .option('--sarif', 'print the findings as SARIF on standard output')
    .option('--github', 'print the findings as annotations of a GitHub workflow')
    .option(
      '--config <file>',
      'configuration file with verify.ignore (default: everyarch.config.json, or the everyarch key of package.json)',
    )
    .option('--insecure-registry <host>', 'registry that is spoken to over plain HTTP; repeatable', collect)
    .option(
      '--cache-dir <folder>',
      "folder of everyarch's own cache (default: ~/.cache/everyarch, or $EVERYARCH_CACHE_DIR)",
    )
    .option('--debug', 'show stack traces of failures')
  progressOptions(command)
    .addHelpText(
      'after',
      `
Every layer is read once, as a stream: nothing is unpacked, no container engine is needed. Content that was verified before is
not read again.

Examples:
  everyarch verify ghcr.io/acme/shop:1.4.0
  everyarch verify oci:out/image --platform linux/amd64,linux/arm64 --base node:22-slim
  everyarch verify ghcr.io/acme/shop:1.4.0 --require-platforms linux/amd64,linux/arm64 --expect-tag-digest sha256:51aa…
  everyarch verify --kubernetes deploy.yaml --require-platforms linux/arm64 --github
  everyarch verify docker-daemon:shop:dev --ignore 'image/wrong-architecture=opt/tools/**'

Exit codes: 0 sound · 1 an error was found · 2 usage or configuration · 3 network, registry or machine · 130 interrupted`,
    )
    .action(async (images: string[], flags: VerifyFlags) => {
      const { verify } = await import('../verify/verify.ts')
      finish(await runCommand(context, flags, () => verify(images, flags, context)))
    })
}
